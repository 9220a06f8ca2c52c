package entrepot.protocols.openai.responses.items;

import static entrepot.protocols.openai.responses.items.Form.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Part;
import entrepot.protocols.Seals;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.openai.CustomTools;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads items (openapi.yaml, InputItem and OutputItem) into messages and parts. */
public final class ItemReader {

    private static final Map<String, Role> ROLES =
            Map.of(
                    "system", Role.SYSTEM,
                    "developer", Role.DEVELOPER,
                    "user", Role.USER,
                    "assistant", Role.ASSISTANT);

    private final List<Message> messages = new ArrayList<>();
    private final List<Part> turn = new ArrayList<>();
    private @Nullable Role role;
    private boolean afterText;

    private ItemReader() {}

    /** The messages of a caller's {@code input}. */
    public static List<Message> messages(ArrayNode list) {
        var reader = new ItemReader();
        for (int i = 0; i < list.size(); i++) {
            reader.input(Members.strict(list.get(i), "input[" + i + "]"), list.get(i));
        }
        reader.flush();
        return reader.messages;
    }

    /** The parts of a supplier's {@code output}. */
    public static List<Part> parts(ArrayNode output) {
        var reader = new ItemReader();
        for (JsonNode item : output) {
            if (item instanceof ObjectNode object) {
                reader.input(Members.lenient(object), object);
            } else {
                reader.turn(Role.ASSISTANT, new Part.Unknown(DIALECT, item));
            }
        }
        reader.flush();
        return reader.messages.stream().flatMap(message -> message.parts().stream()).toList();
    }

    /** The parts of one item of a supplier. */
    public static List<Part> parts(ObjectNode item) {
        return parts(Json.object().arrayNode().add(item));
    }

    private void input(Members item, JsonNode raw) {
        JsonNode type = item.peek("type");
        boolean untyped = type.isMissingNode() || type.isNull();
        String word = untyped ? "" : item.requiredText("type");
        if (untyped && raw.has("role")) {
            message(item, raw, true);
            return;
        }
        switch (word) {
            case "message" -> message(item, raw, false);
            case "function_call" -> turn(Role.ASSISTANT, call(item));
            case "custom_tool_call" -> turn(Role.ASSISTANT, customCall(item, raw));
            case "reasoning" -> turn(Role.ASSISTANT, reasoning(item));
            case "function_call_output", "custom_tool_call_output" ->
                    turn(Role.TOOL, result(item, raw, word));
            case "" -> {
                if (item.isStrict() && !raw.has("id")) {
                    throw item.missing("type");
                }
                // A reference to an item that is stored: its type may be left out.
                turn(Role.ASSISTANT, new Part.Unknown(DIALECT, raw));
            }
            default ->
                    turn(
                            isSaidByCaller(word) ? Role.TOOL : Role.ASSISTANT,
                            new Part.Unknown(DIALECT, raw));
        }
    }

    private static boolean isSaidByCaller(String type) {
        return type.endsWith("_output")
                || type.equals("mcp_approval_response")
                || type.equals("additional_tools");
    }

    private void turn(Role who, Part part) {
        begin(who);
        turn.add(part);
        afterText = false;
    }

    private void begin(Role who) {
        if (role != who) {
            flush();
            role = who;
        }
    }

    private void flush() {
        if (role != null) {
            messages.add(new Message(role, turn, null, Extras.NONE));
        }
        turn.clear();
        role = null;
        afterText = false;
    }

    private void message(Members item, JsonNode raw, boolean untyped) {
        if (!untyped) {
            item.take("type");
        }
        String word = item.requiredText("role");
        Role who = ROLES.get(item.isStrict() ? word : word.isEmpty() ? "assistant" : word);
        if (who == null) {
            if (item.isStrict()) {
                throw item.wrong("role", "expected user, assistant, system or developer.");
            }
            turn(Role.ASSISTANT, new Part.Unknown(DIALECT, raw));
            return;
        }
        ObjectNode form = Json.object();
        if (untyped) {
            form.put(Form.UNTYPED, true);
        }
        List<Part> parts = content(item, "content", who, form);
        if (who == Role.ASSISTANT) {
            if (isSpoken(parts)) {
                said(parts, item.rest(), form);
            } else {
                turn(Role.ASSISTANT, new Part.Unknown(DIALECT, raw));
            }
            return;
        }
        flush();
        Map<String, JsonNode> rest = item.rest();
        if (!form.isEmpty()) {
            rest.put(Form.FORM, form);
        }
        Extras extras = rest.isEmpty() ? Extras.NONE : new Extras(DIALECT, rest);
        messages.add(new Message(who, parts, null, extras));
    }

    /** Whether an item of the model's side is what a model says: texts and refusals. */
    private static boolean isSpoken(List<Part> parts) {
        return parts.stream()
                .allMatch(part -> part instanceof Part.Text || part instanceof Part.Refusal);
    }

    /** An item of the model's side: its first part remembers the item. */
    private void said(List<Part> parts, Map<String, JsonNode> rest, ObjectNode form) {
        begin(Role.ASSISTANT);
        var list = new ArrayList<>(parts);
        if (list.isEmpty()) {
            if (form.isEmpty() || !form.has(Form.EMPTY_LIST)) {
                form.put(Form.EMPTY_TEXT, true);
            }
            list.add(new Part.Text("", Extras.NONE));
        }
        if (afterText || !rest.isEmpty() || !form.isEmpty()) {
            list.set(0, begun(list.getFirst(), rest, form));
        }
        turn.addAll(list);
        afterText = true;
    }

    private static Part begun(Part part, Map<String, JsonNode> rest, ObjectNode form) {
        if (part instanceof Part.Text text) {
            return new Part.Text(
                    text.text(), text.logprobs(), Form.begin(text.extras(), rest, form));
        }
        return part instanceof Part.Refusal refusal
                ? new Part.Refusal(refusal.text(), Form.begin(refusal.extras(), rest, form))
                : part;
    }

    /** The content of a message, or the output of a tool. */
    private static List<Part> content(Members item, String name, Role who, ObjectNode form) {
        JsonNode content = item.peek(name);
        if (content.isString()) {
            item.take(name);
            return content.stringValue().isEmpty()
                    ? List.of()
                    : List.of(new Part.Text(content.stringValue(), Extras.NONE));
        }
        if (content instanceof ArrayNode list) {
            item.take(name);
            List<Part> parts = Contents.read(list, item, name, who);
            if (parts.isEmpty()) {
                form.put(Form.EMPTY_LIST, true);
            } else if (parts.size() == 1
                    && Contents.isPlain(parts.getFirst())
                    && !((Part.Text) parts.getFirst()).text().isEmpty()) {
                form.put(Form.LIST, true);
            }
            return parts;
        }
        if (item.isStrict()) {
            if (content.isMissingNode() || content.isNull()) {
                throw item.missing(name);
            }
            throw Members.wrongType(item.path(name), "a string or an array", content);
        }
        form.put(Form.EMPTY_LIST, true);
        return List.of();
    }

    private static Part call(Members item) {
        item.take("type");
        String id = item.requiredText("call_id");
        String name = item.requiredText("name");
        String namespace = namespace(item);
        JsonNode raw = item.peek("arguments");
        String arguments;
        if (raw.isObject() && !item.isStrict()) {
            item.take("arguments");
            arguments = raw.toString();
        } else {
            arguments = item.requiredText("arguments");
        }
        return new Part.ToolCall(
                id, ToolNames.flat(namespace, name), arguments, item.extras(DIALECT));
    }

    private static @Nullable String namespace(Members item) {
        JsonNode namespace = item.peek("namespace");
        return namespace.isString() ? namespace.stringValue() : null;
    }

    /** The type stays among the extras: for all others it is a function with one argument. */
    private static Part customCall(Members item, JsonNode raw) {
        item.keep("type", raw.path("type"));
        String id = item.requiredText("call_id");
        String name = item.requiredText("name");
        String namespace = namespace(item);
        String arguments = CustomTools.arguments(item.requiredText("input"));
        return new Part.ToolCall(
                id, ToolNames.flat(namespace, name), arguments, item.extras(DIALECT));
    }

    private static Part result(Members item, JsonNode raw, String type) {
        item.take("type");
        if (type.equals("custom_tool_call_output")) {
            item.keep("type", raw.path("type"));
        }
        String id = item.requiredText("call_id");
        ObjectNode form = Json.object();
        List<Part> content = content(item, "output", Role.TOOL, form);
        if (!form.isEmpty()) {
            item.keep(Form.FORM, form);
        }
        return new Part.ToolResult(id, content, false, item.extras(DIALECT));
    }

    /**
     * The text is what the model thought or, where that is kept back, its summary. Where the lists
     * hold more than that text they stay among the extras.
     */
    private static Part reasoning(Members item) {
        item.take("type");
        JsonNode summary = item.peek("summary");
        JsonNode content = item.peek("content");
        String text = texts(content);
        if (text.isEmpty()) {
            text = texts(summary);
        }
        if (summary.equals(summary(text)) && content.isMissingNode()) {
            item.take("summary");
        } else if (summary.isMissingNode()) {
            item.keep(Form.FORM, Form.node(Form.NO_SUMMARY));
        }
        String sealed = item.text("encrypted_content");
        return new Part.Reasoning(
                text,
                sealed == null ? null : Seals.seal(Seals.OPENAI, sealed),
                item.extras(DIALECT));
    }

    public static ArrayNode summary(String text) {
        ArrayNode summary = Json.object().arrayNode();
        if (!text.isEmpty()) {
            summary.addObject().put("type", "summary_text").put("text", text);
        }
        return summary;
    }

    public static String texts(JsonNode list) {
        return list.valueStream()
                .map(part -> part.path("text").asString(""))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("\n\n"));
    }
}
