package entrepot.gateway.agents;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.protocols.json.Json;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Subagents, and what their coordinator does with them, as the API shows them. */
final class SubagentJson {

    private SubagentJson() {}

    /**
     * @param rootAgentId of the agent whose session it belongs to
     */
    static ObjectNode subagent(Sessions.Subagent subagent, String rootAgentId) {
        Fact.Parent parent = subagent.parent();
        Long closedSeconds = subagent.closedSeconds();
        ObjectNode json =
                Json.object()
                        .put("id", subagent.id())
                        .put("object", "agent.session.subagent")
                        .put("session_id", parent.rootId())
                        .put(
                                "parent_agent_id",
                                parent.depth() > 1 ? parent.sessionId() : rootAgentId)
                        .put("name", parent.name());
        json.set("instructions", ContentJson.output(subagent.task()));
        return json.put("status", closedSeconds == null ? "active" : "closed")
                .put("opened_at", subagent.openedSeconds())
                .put("closed_at", closedSeconds);
    }

    static ObjectNode message(View.Item.AgentMessage message) {
        ObjectNode json =
                SessionJson.head(message, "agent_message")
                        .put("sender_agent_id", message.senderId())
                        .put("recipient_agent_id", message.recipientId());
        json.set("content", ContentJson.output(message.parts()));
        return json;
    }

    static ObjectNode call(View.Item.SubagentCall call) {
        JsonNode arguments = arguments(call.arguments());
        ObjectNode json = SessionJson.head(call, call.tool().toolName() + "_call");
        switch (call.tool()) {
            case CREATE_SUBAGENT -> {
                json.put("agent_id", call.senderId());
                json.set("content", content(arguments));
                json.put("model", textIf(arguments, "model"))
                        .put("reasoning_effort", textIf(arguments, "reasoning_effort"));
            }
            case SEND_SUBAGENT_INPUT -> {
                direct(json, call, arguments);
                json.set("content", content(arguments));
            }
            case RESUME_SUBAGENT, INTERRUPT_SUBAGENT, CLOSE_SUBAGENT ->
                    direct(json, call, arguments);
            case WAIT_FOR_SUBAGENTS -> {
                json.put("sender_agent_id", call.senderId());
                ArrayNode ids = json.putArray("recipient_agent_ids");
                for (JsonNode id : arguments.path("subagent_ids")) {
                    ids.add(id.asString(""));
                }
            }
        }
        return SessionJson.status(json, call.status());
    }

    private static void direct(ObjectNode json, View.Item.SubagentCall call, JsonNode arguments) {
        json.put("sender_agent_id", call.senderId())
                .put("recipient_agent_id", arguments.path("subagent_id").asString(""));
    }

    private static ArrayNode content(JsonNode arguments) {
        ArrayNode content = Json.object().arrayNode();
        String text = textIf(arguments, "input");
        if (text != null) {
            content.add(ContentJson.outputText(text));
        }
        return content;
    }

    private static @org.jspecify.annotations.Nullable String textIf(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isString() ? value.stringValue() : null;
    }

    /** As the model wrote them; nothing when that is no JSON. */
    private static JsonNode arguments(String written) {
        try {
            return Json.read(written, Failure.Cause.INVALID_REQUEST);
        } catch (Failed notJson) {
            return Json.object();
        }
    }
}
