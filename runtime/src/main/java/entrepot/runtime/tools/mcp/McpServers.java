package entrepot.runtime.tools.mcp;

import entrepot.identity.Secret;
import entrepot.runtime.agents.AgentSnapshot.Origin;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.agents.AgentSnapshot.Transport;
import entrepot.runtime.outside.Outside;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServerUnavailable;
import entrepot.runtime.tools.ToolServers;
import entrepot.runtime.vaults.McpTokens;
import entrepot.runtime.vaults.SealedPairs;
import entrepot.runtime.vaults.Sealer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * MCP servers: those anywhere on the Internet, by their URL, and those that the operator has set
 * up, as {@code entrepot:mcp/NAME}. Keeps a connection to each that is in use, for each tenant and
 * set of credentials apart; opens nothing before it is used.
 *
 * <p>A process is started for a server of the operator's only. One that an agent describes itself
 * belongs into the session's environment, and is not found here.
 */
public final class McpServers implements ToolServers, AutoCloseable {

    public static final String URL_PREFIX = "entrepot:mcp/";

    /**
     * What it is made of.
     *
     * @param named by name
     */
    public record Parts(
            Outside outside,
            McpTokens tokens,
            Sealer sealer,
            Map<String, OperatorServer> named,
            McpSettings settings,
            InstantSource clock) {
        public Parts {
            named = Map.copyOf(named);
        }
    }

    /**
     * What tells connections apart.
     *
     * @param way all that the server or its credential depends on
     */
    private record Key(String tenant, String address, List<@Nullable Object> way) {}

    private static final class Kept {
        private final McpClient client;
        private final @Nullable StdioWire process;
        private long usedMillis;

        private Kept(McpClient client, @Nullable StdioWire process) {
            this.client = client;
            this.process = process;
        }
    }

    private final Parts parts;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

    public McpServers(Parts parts) {
        this.parts = parts;
    }

    @Override
    public Optional<ToolServer> find(ToolSpec.Server spec, Context context) {
        if (spec.origin() != Origin.SERVICE || !(spec.transport() instanceof Transport.Http http)) {
            return Optional.empty();
        }
        if (http.url().startsWith(URL_PREFIX)) {
            OperatorServer named = parts.named().get(http.url().substring(URL_PREFIX.length()));
            return named != null
                            && (named.tenants().isEmpty()
                                    || named.tenants().contains(context.tenant()))
                    ? Optional.of(new McpServer(spec, () -> named(named, context)))
                    : Optional.empty();
        }
        return parts.outside().reach().objection(http.url()).isEmpty()
                ? Optional.of(new McpServer(spec, () -> elsewhere(spec, http, context)))
                : Optional.empty();
    }

    private McpClient elsewhere(ToolSpec.Server spec, Transport.Http http, Context context)
            throws ToolServerUnavailable {
        List<@Nullable Object> way = new ArrayList<>();
        way.add(http.headers());
        way.add(http.sealed());
        way.add(spec.credentialId());
        way.add(context.vaultIds());
        return client(
                new Key(context.tenant(), http.url(), way),
                () -> {
                    Map<String, String> headers = new HashMap<>(http.headers());
                    headers.putAll(open(context.tenant(), http.sealed()));
                    boolean hasOwn =
                            headers.keySet().stream().anyMatch("authorization"::equalsIgnoreCase);
                    Bearers bearers =
                            hasOwn
                                    ? Bearers.NONE
                                    : new VaultBearers(
                                            parts.tokens(),
                                            context,
                                            http.url(),
                                            spec.credentialId());
                    return kept(
                            new HttpWire(
                                    parts.outside(),
                                    URI.create(http.url()),
                                    headers,
                                    bearers,
                                    parts.settings().answerBytesMax()));
                });
    }

    private Map<String, String> open(String tenant, @Nullable String sealed)
            throws ToolServerUnavailable {
        try {
            return SealedPairs.open(parts.sealer(), tenant, sealed);
        } catch (Sealer.CannotOpen e) {
            throw new ToolServerUnavailable(String.valueOf(e.getMessage()));
        }
    }

    private McpClient named(OperatorServer server, Context context) throws ToolServerUnavailable {
        return client(
                new Key(context.tenant(), URL_PREFIX + server.name(), List.of()),
                () ->
                        switch (server.way()) {
                            case OperatorServer.Http http -> kept(wire(http));
                            case OperatorServer.Command command -> started(server.name(), command);
                        });
    }

    private HttpWire wire(OperatorServer.Http http) {
        Map<String, String> headers = new HashMap<>();
        for (Map.Entry<String, Secret> header : http.headers().entrySet()) {
            headers.put(header.getKey(), header.getValue().reveal());
        }
        return new HttpWire(
                parts.outside().anywhere(),
                http.url(),
                headers,
                Bearers.NONE,
                parts.settings().answerBytesMax());
    }

    private Kept started(String name, OperatorServer.Command command) throws ToolServerUnavailable {
        try {
            StdioWire wire = new StdioWire(command, name, parts.settings().answerBytesMax());
            return new Kept(client(wire), wire);
        } catch (IOException e) {
            throw new ToolServerUnavailable(
                    "The program of " + URL_PREFIX + name + " cannot be started.");
        }
    }

    private Kept kept(HttpWire wire) {
        return new Kept(client(wire), null);
    }

    private McpClient client(Wire wire) {
        return new McpClient(wire, parts.settings(), parts.clock(), Inputs.NONE, null);
    }

    @FunctionalInterface
    private interface Opener {
        Kept open() throws ToolServerUnavailable;
    }

    private McpClient client(Key key, Opener opener) throws ToolServerUnavailable {
        List<McpClient> left = new ArrayList<>();
        lock.lock();
        try {
            long nowMillis = parts.clock().millis();
            left.addAll(leave(nowMillis));
            Kept known = kept.get(key);
            if (known == null) {
                known = opener.open();
                kept.put(key, known);
            }
            known.usedMillis = nowMillis;
            return known.client;
        } finally {
            lock.unlock();
            left.forEach(McpServers::closeLater);
        }
    }

    /** Takes out those that nobody uses, or that have ended. */
    private List<McpClient> leave(long nowMillis) {
        List<McpClient> left = new ArrayList<>();
        Iterator<Kept> each = kept.values().iterator();
        while (each.hasNext()) {
            Kept one = each.next();
            boolean ended = one.process != null && !one.process.isAlive();
            boolean idle = nowMillis - one.usedMillis > parts.settings().idleMillis();
            if (ended || idle || kept.size() > parts.settings().connectionsMax()) {
                each.remove();
                left.add(one.client);
            }
        }
        return left;
    }

    private static void closeLater(McpClient client) {
        Thread.ofVirtual().name("mcp-close").start(client::close);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            kept.values().stream()
                    .filter(one -> one.process != null)
                    .forEach(one -> one.client.close());
            kept.clear();
        } finally {
            lock.unlock();
        }
    }
}
