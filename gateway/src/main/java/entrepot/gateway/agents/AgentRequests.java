package entrepot.gateway.agents;

import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.agents.Agents;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** Reads agents from requests, whole or as changes to a saved one. */
public final class AgentRequests {

    private static final int NAME_CHARS_MAX = 128;
    private static final int PAIRS_MAX = 16;
    private static final int KEY_CHARS_MAX = 64;
    private static final int VALUE_CHARS_MAX = 512;

    private AgentRequests() {}

    /** A reusable agent and its metadata. */
    record NewAgent(AgentSnapshot agent, Map<String, String> metadata) {}

    static NewAgent create(Fields body) {
        String model = body.requiredText("model");
        String name = name(body);
        var agent =
                new AgentSnapshot(
                        "",
                        name,
                        model,
                        body.text("instructions"),
                        new ToolRequests(null).read("tools", body.list("tools")),
                        AgentSettings.read(body, AgentSettings.DEFAULTS));
        Map<String, String> metadata = metadata(body);
        body.end();
        return new NewAgent(agent, metadata);
    }

    private static @Nullable String name(Fields body) {
        String name = body.text("name");
        if (name != null && name.length() > NAME_CHARS_MAX) {
            throw Refusals.value("name", "it must be at most " + NAME_CHARS_MAX + " characters.");
        }
        return name;
    }

    /** A saved agent after an update: what is left out stays, null resets, the rest replaces. */
    static NewAgent update(Fields body, Agents.Agent saved) {
        AgentSnapshot before = saved.snapshot();
        String name = body.has("name") ? name(body) : before.name();
        var agent =
                new AgentSnapshot(
                        before.id(),
                        name,
                        body.has("model") ? body.requiredText("model") : before.model(),
                        body.has("instructions")
                                ? body.text("instructions")
                                : before.instructions(),
                        tools(body, before, null),
                        AgentSettings.read(body, before.settings()));
        Map<String, String> metadata = body.has("metadata") ? metadata(body) : saved.metadata();
        body.end();
        return new NewAgent(agent, metadata);
    }

    /** A session's agent after an update of the session; its instructions are fixed. */
    static AgentSnapshot change(Fields given, AgentSnapshot before, ToolRequests.Seal seal) {
        var agent =
                new AgentSnapshot(
                        before.id(),
                        before.name(),
                        given.has("model") ? given.requiredText("model") : before.model(),
                        before.instructions(),
                        tools(given, before, seal),
                        AgentSettings.change(given, before.settings()));
        given.end();
        return agent;
    }

    private static List<AgentSnapshot.ToolSpec> tools(
            Fields given, AgentSnapshot before, ToolRequests.@Nullable Seal seal) {
        return given.has("tools")
                ? new ToolRequests(seal).read(given.at("tools"), given.list("tools"))
                : before.tools();
    }

    /**
     * The agent of a session: each member that the request supplies replaces the saved one whole.
     *
     * @param given null when the request has none
     * @param saved null when the request names none
     * @param localId the id of an agent that only this session has
     * @param seal hides what its tools bring along
     */
    static AgentSnapshot forSession(
            @Nullable Fields given,
            @Nullable AgentSnapshot saved,
            String localId,
            ToolRequests.Seal seal) {
        if (given == null) {
            if (saved == null) {
                throw Refusals.missing("agent");
            }
            return saved;
        }
        String model = given.text("model");
        if (model == null) {
            if (saved == null) {
                throw Refusals.missing(given.at("model"));
            }
            model = saved.model();
        }
        String instructions =
                given.has("instructions") || saved == null
                        ? given.text("instructions")
                        : saved.instructions();
        List<AgentSnapshot.ToolSpec> tools =
                saved == null
                        ? new ToolRequests(seal).read(given.at("tools"), given.list("tools"))
                        : tools(given, saved, seal);
        var settings =
                AgentSettings.read(
                        given, saved == null ? AgentSettings.DEFAULTS : saved.settings());
        given.end();
        return new AgentSnapshot(
                saved == null ? localId : saved.id(),
                saved == null ? null : saved.name(),
                model,
                instructions,
                tools,
                settings);
    }

    public static Map<String, String> metadata(Fields body) {
        Map<String, String> metadata = body.texts("metadata");
        check("metadata", metadata);
        return metadata;
    }

    static void check(String param, Map<String, String> metadata) {
        if (metadata.size() > PAIRS_MAX) {
            throw Refusals.value(param, "it must have at most " + PAIRS_MAX + " pairs.");
        }
        metadata.forEach((key, value) -> {
            if (key.isEmpty() || key.length() > KEY_CHARS_MAX) {
                throw Refusals.value(
                        param, "each key must be 1 to " + KEY_CHARS_MAX + " characters.");
            }
            if (value.length() > VALUE_CHARS_MAX) {
                throw Refusals.value(
                        param + "." + key,
                        "it must be at most " + VALUE_CHARS_MAX + " characters.");
            }
        });
    }
}
