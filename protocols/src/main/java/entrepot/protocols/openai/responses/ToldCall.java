package entrepot.protocols.openai.responses;

import entrepot.conversation.Part;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.CustomTools;
import entrepot.protocols.openai.InputText;
import entrepot.protocols.openai.responses.ResponsesStreamWriter.Emitter;
import entrepot.protocols.openai.responses.items.Form;
import entrepot.protocols.openai.responses.items.ToolNames;

import tools.jackson.databind.node.ObjectNode;

/**
 * A call on its way to a caller. The text for a custom tool comes as an argument in JSON, and is
 * told as it comes.
 */
final class ToldCall {

    private final Emitter emitter;
    private final int position;
    private final String id;
    private final String callId;
    private final ToolNames.Tool tool;
    private final StringBuilder told = new StringBuilder();
    private final InputText input = new InputText();

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
        tell(tool.custom() ? input.push(fragment) : fragment);
    }

    private void tell(String piece) {
        if (piece.isEmpty()) {
            return;
        }
        told.append(piece);
        emitter.emit(
                tool.custom()
                        ? "response.custom_tool_call_input.delta"
                        : "response.function_call_arguments.delta",
                place().put("delta", piece));
    }

    /** Ends the call; returns the item's last form. */
    ObjectNode finish(Part.ToolCall call) {
        String whole = tool.custom() ? CustomTools.input(call.arguments()) : call.arguments();
        if (whole.length() > told.length()) {
            tell(whole.substring(told.length()));
        }
        if (tool.custom()) {
            emitter.emit("response.custom_tool_call_input.done", place().put("input", whole));
        } else {
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
