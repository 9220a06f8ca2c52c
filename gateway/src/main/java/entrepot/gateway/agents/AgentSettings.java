package entrepot.gateway.agents;

import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.protocols.json.Json;
import entrepot.runtime.subagents.SubagentLimits;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an agent may be told beyond model, instructions and tools. A supplied member replaces the
 * one before it whole; null resets it. What this server cannot do is refused by name.
 *
 * <p>The resolved settings are the {@code settings} of a snapshot: {@code multi_agent{enabled,
 * max_concurrent_subagents}}, {@code reasoning{effort, summary}}, {@code service_tier}, {@code
 * text{format, verbosity}}, {@code compaction{async}} and {@code experimental{time_awareness}},
 * each always there. The runtime heeds {@code multi_agent}, {@code reasoning.effort} and {@code
 * text.format}.
 */
final class AgentSettings {

    private static final String SUBAGENTS_MAX = "max_concurrent_subagents";
    private static final long UNSIGNED_INT_MAX = 0xFFFF_FFFFL;

    static final ObjectNode DEFAULTS = defaults();

    private AgentSettings() {}

    /**
     * @param before the settings to change
     */
    static ObjectNode read(Fields agent, JsonNode before) {
        ObjectNode settings = resolved(before);
        if (agent.has("multi_agent")) {
            settings.set("multi_agent", multiAgent(agent.object("multi_agent")));
        }
        speed(agent, settings);
        if (agent.has("text")) {
            settings.set("text", text(agent.object("text")));
        }
        compaction(agent.object("compaction"));
        experimental(agent.object("experimental"));
        return settings;
    }

    /**
     * What an update of a session may change: reasoning effort and service tier.
     *
     * @param before the settings to change
     */
    static ObjectNode change(Fields agent, JsonNode before) {
        ObjectNode settings = resolved(before);
        speed(agent, settings);
        return settings;
    }

    private static ObjectNode resolved(JsonNode before) {
        ObjectNode settings = DEFAULTS.deepCopy();
        if (before instanceof ObjectNode object) {
            settings.setAll(object.deepCopy());
        }
        return settings;
    }

    private static void speed(Fields agent, ObjectNode settings) {
        if (agent.has("reasoning")) {
            settings.set("reasoning", reasoning(agent.object("reasoning")));
        }
        if (agent.has("service_tier")) {
            settings.put("service_tier", serviceTier(agent));
        }
    }

    private static ObjectNode multiAgent(@Nullable Fields given) {
        ObjectNode json = Json.object().put("enabled", false).putNull(SUBAGENTS_MAX);
        if (given == null) {
            return json;
        }
        boolean enabled = given.requiredFlag("enabled");
        JsonNode most = given.get(SUBAGENTS_MAX);
        given.end();
        if (!enabled) {
            return json;
        }
        long open = SubagentLimits.OPEN_DEFAULT;
        if (most != null) {
            if (!most.isIntegralNumber() || !most.canConvertToLong()) {
                throw Refusals.wrongType(
                        given.at(SUBAGENTS_MAX), "a whole number", Fields.kind(most));
            }
            open = most.longValue();
            if (open < 1 || open > UNSIGNED_INT_MAX) {
                throw Refusals.value(
                        given.at(SUBAGENTS_MAX), "it must be 1 to " + UNSIGNED_INT_MAX + ".");
            }
        }
        return json.put("enabled", true).put(SUBAGENTS_MAX, open);
    }

    private static ObjectNode reasoning(@Nullable Fields given) {
        ObjectNode json = Json.object().putNull("effort").putNull("summary");
        if (given == null) {
            return json;
        }
        json.put(
                "effort",
                given.oneOf("effort", "none", "minimal", "low", "medium", "high", "xhigh", "max"));
        String summary = given.oneOf("summary", "concise", "detailed", "auto");
        given.end();
        if (summary != null && !summary.equals("auto")) {
            throw Refusals.unsupported(
                    given.at("summary"),
                    "The summary format '" + summary + "'",
                    "Send 'auto' or null: reasoning is shown as the model gives it.");
        }
        return json.put("summary", summary);
    }

    private static String serviceTier(Fields agent) {
        String tier =
                agent.oneOf(
                        "service_tier", "auto", "default", "flex", "priority", "fast", "ultrafast");
        if (tier == null || tier.equals("auto") || tier.equals("default")) {
            return tier == null ? "auto" : tier;
        }
        throw Refusals.unsupported(
                agent.at("service_tier"),
                "The service tier '" + tier + "'",
                "Send 'auto' or 'default', or leave it out.");
    }

    private static ObjectNode text(@Nullable Fields given) {
        ObjectNode json = Json.object();
        if (given == null) {
            json.putObject("format").put("type", "text");
            return json.put("verbosity", "medium");
        }
        json.set("format", format(given.object("format")));
        String verbosity = given.oneOf("verbosity", "low", "medium", "high");
        given.end();
        if (verbosity != null && !verbosity.equals("medium")) {
            throw Refusals.unsupported(
                    given.at("verbosity"),
                    "The verbosity '" + verbosity + "'",
                    "Send 'medium', or leave it out, and ask for brevity in the instructions.");
        }
        return json.put("verbosity", "medium");
    }

    private static ObjectNode format(@Nullable Fields given) {
        if (given == null) {
            return Json.object().put("type", "text");
        }
        given.required("type");
        String type = given.oneOf("type", "text", "json_schema");
        ObjectNode json = Json.object().put("type", type);
        if ("json_schema".equals(type)) {
            json.set("schema", given.requiredObject("schema").json());
        }
        given.end();
        return json;
    }

    private static void compaction(@Nullable Fields given) {
        if (given == null) {
            return;
        }
        Boolean background = given.flag("async");
        given.end();
        if (Boolean.FALSE.equals(background)) {
            throw Refusals.unsupported(
                    given.at("async"), "Blocking compaction", "Send true, or leave it out.");
        }
    }

    private static void experimental(@Nullable Fields given) {
        if (given == null) {
            return;
        }
        Boolean timeAwareness = given.flag("time_awareness");
        given.end();
        if (Boolean.TRUE.equals(timeAwareness)) {
            throw Refusals.unsupported(
                    given.at("time_awareness"), "Time awareness", "Send false, or leave it out.");
        }
    }

    private static ObjectNode defaults() {
        ObjectNode json = Json.object();
        json.set("multi_agent", multiAgent(null));
        json.set("reasoning", reasoning(null));
        json.put("service_tier", "auto");
        json.set("text", text(null));
        json.putObject("compaction").put("async", true);
        json.putObject("experimental").put("time_awareness", false);
        return json;
    }
}
