package entrepot.protocols.openai.chat;

import static entrepot.protocols.openai.chat.ChatRequests.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;
import entrepot.protocols.openai.CustomTools;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
            return custom(call);
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

    /** For all others it is a function with one argument; its type stays among the extras. */
    private static Part custom(Members call) {
        call.keep("type", StringNode.valueOf(ChatForms.CUSTOM));
        Members custom = call.requiredObject(ChatForms.CUSTOM);
        return new Part.ToolCall(
                call.requiredText("id"),
                custom.requiredText("name"),
                CustomTools.arguments(custom.requiredText("input")),
                call.extras(DIALECT));
    }

    /**
     * The one call of a message in the older form, of which nothing else is left in the members;
     * null when there is none.
     */
    static Part.@Nullable ToolCall older(Members message) {
        if (!(message.peek(ChatForms.FUNCTION_CALL) instanceof ObjectNode node)) {
            return null;
        }
        Members call =
                message.isStrict()
                        ? Members.strict(node, message.path(ChatForms.FUNCTION_CALL))
                        : Members.lenient(node);
        String name = call.requiredText("name");
        String arguments = call.requiredText("arguments");
        message.take(ChatForms.FUNCTION_CALL);
        ObjectNode rest = Json.object();
        rest.setAll(call.rest());
        return new Part.ToolCall(
                "", name, arguments, new Extras(DIALECT, Map.of(ChatForms.FUNCTION_CALL, rest)));
    }

    private static void writeOlder(Part.ToolCall call, ObjectNode message) {
        ObjectNode node = Json.object();
        node.putObject(ChatForms.FUNCTION_CALL)
                .put("name", call.name())
                .put("arguments", call.arguments());
        Residue.fill(node, call.extras(), DIALECT);
        message.set(ChatForms.FUNCTION_CALL, node.path(ChatForms.FUNCTION_CALL));
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

    /** Whether this is a call of a custom tool; journals hold some as parts that were unknown. */
    static boolean isCall(JsonNode raw) {
        return raw.path("custom").isObject() && !raw.path("function").isObject();
    }

    static void write(List<Part> parts, ObjectNode message) {
        ArrayNode calls = Json.object().arrayNode();
        for (Part part : parts) {
            if (part instanceof Part.ToolCall call) {
                if (ChatForms.isOlder(call.extras())) {
                    writeOlder(call, message);
                } else {
                    calls.add(write(call));
                }
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
        if (ChatForms.isCustom(call.extras())) {
            node.put("type", ChatForms.CUSTOM);
            node.putObject(ChatForms.CUSTOM)
                    .put("name", call.name())
                    .put("input", CustomTools.input(call.arguments()));
            return Residue.fill(node, call.extras(), DIALECT);
        }
        if (Residue.of(call.extras(), DIALECT, "type") == null) {
            node.put("type", "function");
        }
        node.putObject("function").put("name", call.name()).put("arguments", call.arguments());
        return Residue.fill(node, call.extras(), DIALECT);
    }
}
