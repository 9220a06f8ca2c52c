package entrepot.runtime.tools;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Tool;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tools of one agent, under the names its model knows them by. Where two servers offer one
 * name, the later is known as {@code label__name}; the application's functions come first.
 */
public final class Toolbox {

    /**
     * A tool of a server.
     *
     * @param label of the server, as the agent calls it
     * @param name as the server offers it
     */
    public record Held(ToolServer server, String label, String name, ToolServer.Effect effect) {}

    private final Map<String, Tool> tools = new LinkedHashMap<>();
    private final Map<String, Held> held = new LinkedHashMap<>();

    private Toolbox() {}

    public static Toolbox of(AgentSnapshot agent, ToolServers servers) {
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
        for (ToolSpec spec : agent.tools()) {
            if (spec instanceof ToolSpec.Server server) {
                servers.find(server).ifPresent(found -> box.add(server, found));
            }
        }
        return box;
    }

    /**
     * @throws Failed when an agent names a tool server that there is not
     */
    public static void check(AgentSnapshot agent, ToolServers servers) {
        for (ToolSpec spec : agent.tools()) {
            if (spec instanceof ToolSpec.Server server && servers.find(server).isEmpty()) {
                throw new Failed(
                        Failure.at(
                                Failure.Cause.INVALID_REQUEST,
                                "There is no tool server "
                                        + server.serverUrl()
                                        + " here. A folder that the operator has allowed is"
                                        + " entrepot:folder/NAME.",
                                "tools"));
            }
        }
    }

    private void add(ToolSpec.Server spec, ToolServer server) {
        List<String> allowed = spec.allowedTools();
        for (ToolServer.Offer offer : server.offers()) {
            String offered = offer.tool().name();
            if (allowed != null && !allowed.contains(offered)) {
                continue;
            }
            String name = tools.containsKey(offered) ? spec.label() + "__" + offered : offered;
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

    /** What the model is told. */
    public List<Tool> tools() {
        return new ArrayList<>(tools.values());
    }

    /** The tool of ours under a name the model used. */
    public Optional<Held> find(String name) {
        return Optional.ofNullable(held.get(name));
    }
}
