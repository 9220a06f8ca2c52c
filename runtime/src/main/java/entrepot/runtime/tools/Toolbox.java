package entrepot.runtime.tools;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Tool;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.subagents.SubagentLimits;
import entrepot.runtime.subagents.SubagentTool;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The tools of one agent, under the names its model knows them by. Where two servers offer one
 * name, the later is known as {@code label__name}; the application's functions come first. Letters
 * that models do not take in a name become {@code _}.
 */
public final class Toolbox {

    private static final Logger LOG = LoggerFactory.getLogger(Toolbox.class);

    /** How long servers may take to say what they offer, all together. */
    private static final long OFFERS_MILLIS_MAX = 20_000;

    private static final int NAME_CHARS_MAX = 64;

    /**
     * A tool of ours.
     *
     * @param server null for a tool with which a coordinator leads its subagents
     * @param label of the server, as the agent calls it
     * @param name as the server offers it
     */
    public record Held(
            @Nullable ToolServer server, String label, String name, ToolServer.Effect effect) {}

    /**
     * A server that does not say what it offers.
     *
     * @param required whether the agent is of no use without it
     */
    public record Missing(String label, boolean required, String reason) {}

    private final Map<String, Tool> tools = new LinkedHashMap<>();
    private final Map<String, Held> held = new LinkedHashMap<>();
    private final List<Missing> missing = new ArrayList<>();

    private Toolbox() {}

    /** Asks every server of the agent what it offers, all at once. Takes 20 s at most. */
    public static Toolbox of(AgentSnapshot agent, ToolServers servers, ToolServers.Context context)
            throws InterruptedException {
        Toolbox box = new Toolbox();
        for (ToolSpec spec : agent.tools()) {
            if (spec instanceof ToolSpec.Function function) {
                box.tools.put(
                        function.name(),
                        new Tool.Function(
                                function.name(),
                                function.description(),
                                function.parameters(),
                                null,
                                Extras.NONE));
            }
        }
        if (SubagentLimits.enabled(agent)) {
            box.coordinate();
        }
        List<ToolSpec.Server> named = new ArrayList<>();
        for (ToolSpec spec : agent.tools()) {
            if (spec instanceof ToolSpec.Server server) {
                named.add(server);
            }
        }
        if (context.environmentId() != null) {
            named.add(ToolSpec.Server.at(ToolServers.ENVIRONMENT, ToolServers.ENVIRONMENT, null));
        }
        if (!named.isEmpty()) {
            box.open(named, servers, context);
        }
        return box;
    }

    private void coordinate() {
        for (SubagentTool each : SubagentTool.values()) {
            String name = each.toolName();
            if (!tools.containsKey(name)) {
                tools.put(name, each.tool());
                held.put(name, new Held(null, SubagentTool.LABEL, name, ToolServer.Effect.KEYED));
            }
        }
    }

    /** Whether opening its toolbox may take time. */
    public static boolean asksServers(AgentSnapshot agent) {
        return agent.tools().stream().anyMatch(ToolSpec.Server.class::isInstance);
    }

    private record Asked(
            ToolSpec.Server spec, ToolServer server, Future<List<ToolServer.Offer>> offers) {}

    private void open(List<ToolSpec.Server> specs, ToolServers servers, ToolServers.Context context)
            throws InterruptedException {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Asked> all = new ArrayList<>();
            for (ToolSpec.Server named : specs) {
                servers.find(named, context)
                        .ifPresentOrElse(
                                server ->
                                        all.add(
                                                new Asked(
                                                        named,
                                                        server,
                                                        threads.submit(server::offers))),
                                () -> miss(named, "There is no such server here."));
            }
            long giveUpNanos = System.nanoTime() + OFFERS_MILLIS_MAX * 1_000_000;
            for (Asked asked : all) {
                gather(asked, giveUpNanos - System.nanoTime());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void gather(Asked asked, long nanosMax) throws InterruptedException {
        try {
            add(
                    asked.spec(),
                    asked.server(),
                    asked.offers().get(Math.max(0, nanosMax), TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ToolServerUnavailable unavailable) {
                miss(asked.spec(), unavailable.getMessage());
            } else {
                LOG.warn("tool server {} broke", asked.spec().label(), e.getCause());
                miss(asked.spec(), "It broke down.");
            }
        } catch (TimeoutException e) {
            miss(asked.spec(), "It did not say within " + OFFERS_MILLIS_MAX / 1000 + " s.");
        }
    }

    private void miss(ToolSpec.Server spec, String reason) {
        LOG.warn("tool server {} does not say what it offers: {}", spec.label(), reason);
        missing.add(new Missing(spec.label(), spec.required(), reason));
    }

    /**
     * @throws Failed when an agent names a tool server that there is not
     */
    public static void check(
            AgentSnapshot agent, ToolServers servers, ToolServers.Context context) {
        for (ToolSpec spec : agent.tools()) {
            if (spec instanceof ToolSpec.Server server && servers.find(server, context).isEmpty()) {
                throw new Failed(
                        Failure.at(
                                Failure.Cause.INVALID_REQUEST,
                                "There is no tool server "
                                        + server.address()
                                        + " here. It is an https URL, entrepot:folder/NAME for a"
                                        + " folder that the operator has allowed,"
                                        + " entrepot:knowledge for company data,"
                                        + " entrepot:memory/STORE_ID for a memory store,"
                                        + " entrepot:automations for schedules of its own,"
                                        + " entrepot:skills/SKILL_ID for skills, or"
                                        + " entrepot:mcp/NAME for a server that the operator has"
                                        + " set up. A command, or a connection from an"
                                        + " environment, needs an environment.",
                                "tools"));
            }
        }
    }

    private void add(ToolSpec.Server spec, ToolServer server, List<ToolServer.Offer> offers) {
        List<String> allowed = spec.allowedTools();
        for (ToolServer.Offer offer : offers) {
            String offered = offer.tool().name();
            if (allowed != null && !allowed.contains(offered)) {
                continue;
            }
            String name = name(spec.label(), offered);
            tools.put(
                    name,
                    new Tool.Function(
                            name,
                            offer.tool().description(),
                            offer.tool().parameters(),
                            offer.tool().strict(),
                            offer.tool().extras()));
            held.put(name, new Held(server, spec.label(), offered, offer.effect()));
        }
    }

    /** A name that no other tool has, of letters that every model takes. */
    private String name(String label, String offered) {
        String plain = plain(offered);
        if (!tools.containsKey(plain)) {
            return plain;
        }
        String qualified = plain(label + "__" + offered);
        String name = qualified;
        for (int n = 2; tools.containsKey(name); n++) {
            String end = "_" + n;
            name = plain(qualified, NAME_CHARS_MAX - end.length()) + end;
        }
        return name;
    }

    private static String plain(String name) {
        return plain(name.replaceAll("[^A-Za-z0-9_-]", "_"), NAME_CHARS_MAX);
    }

    private static String plain(String name, int charsMax) {
        return name.length() <= charsMax ? name : name.substring(0, charsMax);
    }

    /** What the model is told. */
    public List<Tool> tools() {
        return new ArrayList<>(tools.values());
    }

    /** The tool of ours under a name the model used. */
    public Optional<Held> find(String name) {
        return Optional.ofNullable(held.get(name));
    }

    /** Servers whose tools are not here. */
    public List<Missing> missing() {
        return List.copyOf(missing);
    }
}
