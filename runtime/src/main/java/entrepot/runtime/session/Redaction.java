package entrepot.runtime.session;

import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.agents.AgentSnapshot.Transport;
import entrepot.runtime.facts.Configuration;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.SessionSettings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** What of a journal is not shown, or not given away. */
public final class Redaction {

    private final TreeSet<String> dropped = new TreeSet<>();

    /** What was left out so far, in words, sorted. */
    public List<String> dropped() {
        return List.copyOf(dropped);
    }

    /** A fact for those who may see its session: what is sealed in it is empty. */
    public static Fact masked(Fact fact) {
        return change(
                fact,
                now ->
                        now.with(
                                tools(
                                        now.agent(),
                                        tool -> with(tool, emptied(tool.transport()), true))));
    }

    /**
     * A fact as it may leave this server: without headers and variables of tool servers, without
     * vaults and their credentials, and without the names of the team, the person and the key.
     */
    public Fact exported(Fact fact) {
        Fact bare = change(fact, this::bare);
        return switch (bare) {
            case Fact.SessionCreated created ->
                    new Fact.SessionCreated(
                            created.agent(),
                            created.metadata(),
                            "",
                            "",
                            "",
                            created.settings(),
                            null);
            case Fact.SessionForked forked ->
                    new Fact.SessionForked(forked.ancestor(), forked.configuration(), "", "");
            case Fact other -> other;
        };
    }

    private Configuration bare(Configuration now) {
        SessionSettings settings = now.settings();
        settings.vaultIds().forEach(id -> dropped.add("vault " + id));
        return new Configuration(
                tools(now.agent(), this::bare), now.metadata(), settings.withVaultIds(List.of()));
    }

    private ToolSpec.Server bare(ToolSpec.Server tool) {
        Transport transport = unsealed(tool.transport());
        if (!transport.equals(tool.transport())) {
            dropped.add("secrets of tool server " + tool.label());
        }
        if (transport instanceof Transport.Http http && !http.headers().isEmpty()) {
            dropped.add("headers of tool server " + tool.label());
            transport = new Transport.Http(http.url(), Map.of(), null);
        }
        if (tool.credentialId() != null) {
            dropped.add("credential " + tool.credentialId());
        }
        return with(tool, transport, false);
    }

    private static ToolSpec.Server with(
            ToolSpec.Server tool, Transport transport, boolean credential) {
        return new ToolSpec.Server(
                tool.label(),
                transport,
                tool.allowedTools(),
                tool.origin(),
                credential ? tool.credentialId() : null,
                tool.requestMetadata(),
                tool.required());
    }

    private static Transport emptied(Transport transport) {
        return switch (transport) {
            case Transport.Http http ->
                    http.sealed() == null
                            ? http
                            : new Transport.Http(http.url(), http.headers(), "");
            case Transport.Stdio stdio ->
                    stdio.sealed() == null
                            ? stdio
                            : new Transport.Stdio(
                                    stdio.command(),
                                    stdio.args(),
                                    stdio.cwd(),
                                    stdio.envVars(),
                                    "");
        };
    }

    private static Transport unsealed(Transport transport) {
        return switch (transport) {
            case Transport.Http http -> new Transport.Http(http.url(), http.headers(), null);
            case Transport.Stdio stdio ->
                    new Transport.Stdio(
                            stdio.command(), stdio.args(), stdio.cwd(), stdio.envVars(), null);
        };
    }

    private static AgentSnapshot tools(AgentSnapshot agent, UnaryOperator<ToolSpec.Server> each) {
        List<ToolSpec> tools = new ArrayList<>();
        for (ToolSpec tool : agent.tools()) {
            tools.add(
                    switch (tool) {
                        case ToolSpec.Server server -> each.apply(server);
                        case ToolSpec.Function function -> function;
                    });
        }
        return new AgentSnapshot(
                agent.id(),
                agent.name(),
                agent.model(),
                agent.instructions(),
                tools,
                agent.settings());
    }

    /** Only these facts tell how a session is configured. */
    private static Fact change(Fact fact, UnaryOperator<Configuration> change) {
        return switch (fact) {
            case Fact.SessionCreated created -> {
                Configuration now = change.apply(created.configuration());
                yield new Fact.SessionCreated(
                        now.agent(),
                        now.metadata(),
                        created.team(),
                        created.principal(),
                        created.keyId(),
                        now.settings(),
                        created.parent());
            }
            case Fact.SessionChanged changed ->
                    new Fact.SessionChanged(
                            change.apply(changed.configuration()), changed.inputSeen());
            case Fact.SessionForked forked ->
                    new Fact.SessionForked(
                            forked.ancestor(),
                            change.apply(forked.configuration()),
                            forked.principal(),
                            forked.keyId());
            case Fact other -> other;
        };
    }
}
