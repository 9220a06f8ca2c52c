package entrepot.protocols.openai.chat;

import static entrepot.protocols.openai.chat.ChatRequests.DIALECT;

import entrepot.conversation.Part;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** The {@code tool_calls} of an assistant's message. */
final class ChatCalls {

    private ChatCalls() {}

    static List<Part> read(Members message) {
        ArrayNode list = message.list("tool_calls");
        if (list == null) {
            return List.of();
        }
        if (list.isEmpty()) {
            message.keep("tool_calls", list);
            return List.of();
        }
        var calls = new ArrayList<Part>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode node = list.get(i);
            if (message.isStrict()) {
                calls.add(call(Members.strict(node, message.path("tool_calls[" + i + "]")), node));
            } else if (node instanceof ObjectNode object) {
                calls.add(call(Members.lenient(object), node));
            }
        }
        return calls;
    }

    private static Part call(Members call, JsonNode raw) {
        if (isCall(raw)) {
            return new Part.Unknown(DIALECT, raw);
        }
        if (call.peek("type").isString() && "function".equals(call.peek("type").stringValue())) {
            call.take("type");
        } else if (call.isStrict() && !isBareFunction(raw)) {
            call.requiredText("type");
            throw call.wrong("type", "expected 'function' or 'custom'.");
        }
        Members function = call.requiredObject("function");
        String id = call.requiredText("id");
        String name = function.requiredText("name");
        JsonNode arguments = function.peek("arguments");
        String text =
                arguments.isObject() ? takeObject(function) : function.requiredText("arguments");
        return new Part.ToolCall(id, name, text, call.extras(DIALECT));
    }

    /** Clients of some compatible servers leave the type out. */
    private static boolean isBareFunction(JsonNode raw) {
        return !raw.has("type") && raw.path("function").isObject();
    }

    /** Some compatible servers send the arguments as an object; everybody reads them as text. */
    private static String takeObject(Members function) {
        JsonNode arguments = function.take("arguments");
        return arguments == null ? "" : arguments.toString();
    }

    /** Whether a part that we have no word for is a call, and not content. */
    static boolean isCall(JsonNode raw) {
        return raw.path("custom").isObject() && !raw.path("function").isObject();
    }

    static void write(List<Part> parts, ObjectNode message) {
        ArrayNode calls = Json.object().arrayNode();
        for (Part part : parts) {
            if (part instanceof Part.ToolCall call) {
                calls.add(write(call));
            } else if (part instanceof Part.Unknown unknown
                    && unknown.dialect().equals(DIALECT)
                    && isCall(unknown.raw())) {
                calls.add(unknown.raw());
            }
        }
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
    }

    private static ObjectNode write(Part.ToolCall call) {
        ObjectNode node = Json.object();
        if (!call.callId().isEmpty()) {
            node.put("id", call.callId());
        }
        if (Residue.of(call.extras(), DIALECT, "type") == null) {
            node.put("type", "function");
        }
        node.putObject("function").put("name", call.name()).put("arguments", call.arguments());
        return Residue.fill(node, call.extras(), DIALECT);
    }
}
