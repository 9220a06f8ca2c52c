package entrepot.protocols.openai.responses.items;

import static entrepot.protocols.openai.responses.items.Form.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Logprob;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Part;
import entrepot.protocols.Seals;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.CustomTools;
import entrepot.protocols.openai.OpenAiLogprobs;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes messages and parts as items: for a supplier, as they were read, or for a caller. */
public final class ItemWriter {

    private final boolean supplier;
    private final ToolNames names;
    private final @Nullable ItemIds ids;

    /** Their results are told apart from those of functions. */
    private final Set<String> customCalls = new HashSet<>();

    private ItemWriter(boolean supplier, ToolNames names, @Nullable ItemIds ids) {
        this.supplier = supplier;
        this.names = names;
        this.ids = ids;
    }

    /** Nobody but its maker is sent a signature. */
    public static ItemWriter forSupplier() {
        return new ItemWriter(true, ToolNames.NONE, null);
    }

    /** Writes items as they were read; makes up nothing. */
    public static ItemWriter asRead() {
        return new ItemWriter(false, ToolNames.NONE, null);
    }

    /** Writes items with all that their schema requires. */
    public static ItemWriter forCaller(ToolNames names, ItemIds ids) {
        return new ItemWriter(false, names, ids);
    }

    public ArrayNode messages(List<Message> messages) {
        ArrayNode items = Json.object().arrayNode();
        messages.forEach(message -> message(message, items));
        return items;
    }

    public ArrayNode output(List<Part> parts) {
        ArrayNode items = Json.object().arrayNode();
        turn(parts, items);
        return items;
    }

    private void message(Message message, ArrayNode items) {
        Role role = message.role();
        if (role == Role.ASSISTANT || role == Role.TOOL) {
            turn(message.parts(), items);
            return;
        }
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) {
                items.add(result(result));
            }
        }
        boolean onlyResults =
                !message.parts().isEmpty()
                        && message.parts().stream().allMatch(Part.ToolResult.class::isInstance);
        if (!onlyResults) {
            items.add(spoken(message.parts(), role, message.extras()));
        }
    }

    /** Writes what the model or its tools said: each part an item, texts in a row one. */
    private void turn(List<Part> parts, ArrayNode items) {
        int i = 0;
        while (i < parts.size()) {
            int end = textsEnd(parts, i);
            if (end > i) {
                Extras item = Form.ofItem(extras(parts.get(i)));
                items.add(spoken(parts.subList(i, end), Role.ASSISTANT, item));
                i = end;
                continue;
            }
            JsonNode item = item(parts.get(i));
            if (item != null) {
                items.add(item);
            }
            i++;
        }
    }

    /** Where the texts of one item end. */
    private static int textsEnd(List<Part> parts, int from) {
        int end = from;
        while (end < parts.size()
                && (parts.get(end) instanceof Part.Text || parts.get(end) instanceof Part.Refusal)
                && (end == from || !Form.begins(extras(parts.get(end))))) {
            end++;
        }
        return end;
    }

    private static Extras extras(Part part) {
        return switch (part) {
            case Part.Text text -> text.extras();
            case Part.Refusal refusal -> refusal.extras();
            case Part.Image _,
                    Part.File _,
                    Part.Audio _,
                    Part.Reasoning _,
                    Part.ToolCall _,
                    Part.ToolResult _,
                    Part.CachePoint _,
                    Part.Unknown _ ->
                    Extras.NONE;
        };
    }

    /** Writes one part as an item; null when there is no item for it. */
    public @Nullable JsonNode item(Part part) {
        return switch (part) {
            case Part.Reasoning reasoning -> reasoning(reasoning);
            case Part.ToolCall call -> call(call);
            case Part.ToolResult result -> result(result);
            case Part.Unknown unknown -> unknown.dialect().equals(DIALECT) ? unknown.raw() : null;
            case Part.Text _, Part.Refusal _ -> spoken(List.of(part), Role.ASSISTANT, Extras.NONE);
            case Part.Image _, Part.File _, Part.Audio _, Part.CachePoint _ -> null;
        };
    }

    private ObjectNode spoken(List<Part> parts, Role role, Extras item) {
        ObjectNode node = Json.object();
        if (!Form.has(item, Form.UNTYPED)) {
            node.put("type", "message");
        }
        node.put("role", word(role));
        content(parts, role, item, node, "content");
        Form.fill(node, item);
        if (ids != null) {
            complete(node, "msg");
            Contents.complete(node, "status", Json.object().stringNode("completed"));
        }
        return node;
    }

    private void content(List<Part> parts, Role role, Extras item, ObjectNode node, String name) {
        String only = only(parts);
        boolean nothing = only == null ? parts.isEmpty() : only.isEmpty();
        if (nothing && Form.has(item, Form.EMPTY_LIST)) {
            node.putArray(name);
        } else if (ids != null && role == Role.ASSISTANT) {
            list(parts, role, node.putArray(name));
        } else if (parts.isEmpty() || (nothing && Form.has(item, Form.EMPTY_TEXT))) {
            node.put(name, "");
        } else if (only != null && !only.isEmpty() && !Form.has(item, Form.LIST)) {
            node.put(name, only);
        } else {
            list(parts, role, node.putArray(name));
        }
    }

    /** The text of parts that are one text and nothing else; null when they are more. */
    private static @Nullable String only(List<Part> parts) {
        return parts.size() == 1
                        && parts.getFirst() instanceof Part.Text text
                        && Contents.isPlain(text)
                ? text.text()
                : null;
    }

    private void list(List<Part> parts, Role role, ArrayNode list) {
        for (Part part : parts) {
            ObjectNode content = Contents.write(part, role);
            if (content == null) {
                continue;
            }
            if (ids != null && content.path("type").asString("").equals("output_text")) {
                Contents.complete(content, "annotations", Json.object().arrayNode());
                Contents.complete(
                        content, "logprobs", OpenAiLogprobs.write(Logprob.of(List.of(part))));
            }
            list.add(content);
        }
    }

    private ObjectNode call(Part.ToolCall call) {
        ToolNames.Tool tool = names.tool(call.name());
        String namespace = Form.text(call.extras(), "namespace");
        String space = namespace == null ? tool.namespace() : namespace;
        boolean custom = tool.custom() || ToolWriter.isCustom(call.extras(), "custom_tool_call");
        ObjectNode node = Json.object();
        node.put("type", custom ? "custom_tool_call" : "function_call");
        node.put("call_id", call.callId());
        node.put("name", ToolNames.inner(space, call.name()));
        if (space != null) {
            node.put("namespace", space);
        }
        if (custom) {
            customCalls.add(call.callId());
            node.put("input", CustomTools.input(call.arguments()));
        } else {
            node.put("arguments", call.arguments());
        }
        Form.fill(node, call.extras());
        if (ids != null) {
            complete(node, custom ? "ctc" : "fc");
            Contents.complete(node, "status", Json.object().stringNode("completed"));
        }
        return node;
    }

    private ObjectNode result(Part.ToolResult result) {
        ObjectNode node = Json.object();
        String type = Form.text(result.extras(), "type");
        boolean custom = customCalls.contains(result.callId());
        String usual = custom ? "custom_tool_call_output" : "function_call_output";
        node.put("type", type == null ? usual : type);
        node.put("call_id", result.callId());
        content(result.content(), Role.TOOL, result.extras(), node, "output");
        Form.fill(node, result.extras());
        if (ids != null) {
            complete(node, "fco");
        }
        return node;
    }

    private @Nullable ObjectNode reasoning(Part.Reasoning reasoning) {
        String sealed = reasoning.signature();
        if (supplier && !goesToSupplier(reasoning)) {
            return null;
        }
        ObjectNode node = Json.object().put("type", "reasoning");
        JsonNode content = Json.object().path("none");
        JsonNode summary = content;
        if (reasoning.extras().dialect().equals(DIALECT)) {
            content = orMissing(reasoning.extras(), "content");
            summary = orMissing(reasoning.extras(), "summary");
        }
        String told = ItemReader.texts(content);
        told = told.isEmpty() ? ItemReader.texts(summary) : told;
        boolean kept = content.isArray() || summary.isArray();
        if (kept && told.equals(reasoning.text())) {
            Form.fill(node, reasoning.extras());
        } else {
            if (!reasoning.text().isEmpty() || !Form.has(reasoning.extras(), Form.NO_SUMMARY)) {
                node.set("summary", ItemReader.summary(reasoning.text()));
            }
            Form.fill(node, reasoning.extras());
        }
        if (sealed != null) {
            node.put("encrypted_content", Seals.written(Seals.OPENAI, sealed));
        }
        if (ids != null) {
            complete(node, "rs");
            Contents.complete(node, "summary", Json.object().arrayNode());
        }
        return node;
    }

    private static JsonNode orMissing(Extras extras, String name) {
        JsonNode node = extras.members().get(name);
        return node == null ? Json.object().path("none") : node;
    }

    /**
     * Whether a supplier can make use of reasoning: it is of its own sealing, or came in this
     * dialect and carries no seal. OpenAI refuses a piece that it cannot open or does not know.
     */
    public static boolean goesToSupplier(Part.Reasoning reasoning) {
        String sealed = reasoning.signature();
        return sealed == null
                ? reasoning.extras().dialect().equals(DIALECT)
                : Seals.isOf(Seals.OPENAI, sealed);
    }

    private void complete(ObjectNode node, String prefix) {
        if (ids != null && !node.path("id").isString()) {
            node.put("id", ids.next(prefix));
        }
    }

    private static String word(Role role) {
        return switch (role) {
            case SYSTEM -> "system";
            case DEVELOPER -> "developer";
            case USER -> "user";
            case ASSISTANT, TOOL -> "assistant";
        };
    }
}
