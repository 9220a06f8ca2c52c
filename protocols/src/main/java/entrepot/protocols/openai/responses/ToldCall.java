package entrepot.protocols.openai.responses;

import entrepot.conversation.Part;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.responses.ResponsesStreamWriter.Emitter;
import entrepot.protocols.openai.responses.items.Form;
import entrepot.protocols.openai.responses.items.ToolNames;

import tools.jackson.databind.node.ObjectNode;

/**
 * A call on its way to a caller. The text for a custom tool comes as an argument in JSON and is
 * told once it is whole.
 */
final class ToldCall {

    private final Emitter emitter;
    private final int position;
    private final String id;
    private final String callId;
    private final ToolNames.Tool tool;
    private int told;

    ToldCall(Emitter emitter, int position, String id, String callId, ToolNames.Tool tool) {
        this.emitter = emitter;
        this.position = position;
        this.id = id;
        this.callId = callId;
        this.tool = tool;
    }

    int position() {
        return position;
    }

    void begin() {
        ObjectNode event = Json.object().put("output_index", position);
        emitter.emit("response.output_item.added", event.set("item", item("in_progress", "")));
    }

    void delta(String fragment) {
        if (tool.custom() || fragment.isEmpty()) {
            return;
        }
        told += fragment.length();
        emitter.emit("response.function_call_arguments.delta", place().put("delta", fragment));
    }

    /** Ends the call; returns the item's last form. */
    ObjectNode finish(Part.ToolCall call) {
        String whole = tool.custom() ? ToolNames.input(call.arguments()) : call.arguments();
        if (tool.custom()) {
            if (!whole.isEmpty()) {
                emitter.emit("response.custom_tool_call_input.delta", place().put("delta", whole));
            }
            emitter.emit("response.custom_tool_call_input.done", place().put("input", whole));
        } else {
            if (whole.length() > told) {
                delta(whole.substring(told));
            }
            emitter.emit(
                    "response.function_call_arguments.done",
                    place().put("name", tool.name()).put("arguments", whole));
        }
        ObjectNode item = item("completed", whole);
        Form.fill(item, call.extras());
        ObjectNode event = Json.object().put("output_index", position);
        emitter.emit("response.output_item.done", event.set("item", item));
        return item;
    }

    private ObjectNode item(String status, String text) {
        ObjectNode item = Json.object().put("id", id);
        item.put("type", tool.custom() ? "custom_tool_call" : "function_call");
        item.put("status", status);
        item.put(tool.custom() ? "input" : "arguments", text);
        item.put("call_id", callId).put("name", tool.name());
        if (tool.namespace() != null) {
            item.put("namespace", tool.namespace());
        }
        return item;
    }

    private ObjectNode place() {
        return Json.object().put("item_id", id).put("output_index", position);
    }
}
