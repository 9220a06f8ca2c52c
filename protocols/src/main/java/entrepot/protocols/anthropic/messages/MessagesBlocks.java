package entrepot.protocols.anthropic.messages;

import static entrepot.protocols.anthropic.messages.MessagesRequests.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Part;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The {@code content} of a message, a system prompt or a tool's result: a text, or a list of
 * blocks.
 *
 * <p>A text and a list with that text alone mean the same. The record keeps the difference as an
 * extra: {@code content} as an empty list marks the list.
 */
final class MessagesBlocks {

    private static final ArrayNode LIST = Json.object().arrayNode();
    private static final Pattern CALL_ID = Pattern.compile("[a-zA-Z0-9_-]+");

    /** What a client of Anthropic's says to its billing, in the place of a system prompt (R39). */
    private static final String BILLING = "x-anthropic-billing-header";

    private MessagesBlocks() {}

    /** Who is written to: suppliers are not sent what only others can use. */
    enum Reader {
        SUPPLIER,
        CALLER
    }

    /**
     * Takes the content of an object; what has no part of its own stays among the members.
     *
     * @param name of the member, {@code content} or {@code system}
     */
    static List<Part> read(Members holder, String name) {
        JsonNode content = holder.peek(name);
        if (content.isString()) {
            if (content.stringValue().isEmpty()) {
                return List.of();
            }
            holder.take(name);
            return List.of(text(content));
        }
        if (content instanceof ArrayNode list) {
            List<Part> parts = list(list, holder, name);
            if (!parts.isEmpty()) {
                holder.take(name);
            }
            return parts;
        }
        if (holder.isStrict() && !content.isMissingNode() && !content.isNull()) {
            throw Members.wrongType(holder.path(name), "a string or an array of objects", content);
        }
        return List.of();
    }

    /** Whether the form of a list must be marked, since a text alone is not written as one. */
    static boolean isListOfOneText(JsonNode content, List<Part> parts) {
        return content.isArray() && parts.size() == 1 && isPlain(parts.getFirst());
    }

    /** Marks the form of a list among the members. */
    static void mark(Members holder) {
        holder.keep("content", LIST);
    }

    private static Part text(JsonNode text) {
        return isBilling(text.stringValue())
                ? new Part.Unknown(DIALECT, text)
                : new Part.Text(text.stringValue(), Extras.NONE);
    }

    private static boolean isBilling(String text) {
        return text.startsWith(BILLING);
    }

    private static List<Part> list(ArrayNode list, Members holder, String name) {
        var parts = new ArrayList<Part>(list.size());
        for (int i = 0; i < list.size(); i++) {
            JsonNode node = list.get(i);
            if (holder.isStrict()) {
                String path = holder.path(name) + "[" + i + "]";
                block(Members.strict(node, path), node, parts);
            } else if (node instanceof ObjectNode object) {
                block(Members.lenient(object), node, parts);
            } else {
                parts.add(new Part.Unknown(DIALECT, node));
            }
        }
        return parts;
    }

    /** Reads one block of a supplier's answer. */
    static Part block(ObjectNode node) {
        var parts = new ArrayList<Part>();
        block(Members.lenient(node), node, parts);
        return parts.getFirst();
    }

    private static void block(Members block, JsonNode raw, List<Part> parts) {
        String type = block.requiredText("type");
        if (type.equals("text") && isBilling(raw.path("text").asString(""))) {
            parts.add(new Part.Unknown(DIALECT, raw));
            return;
        }
        CacheMarks.Mark mark = CacheMarks.canMark(type) ? CacheMarks.take(block) : null;
        Part part =
                switch (type) {
                    case "text" -> {
                        String text = block.requiredText("text");
                        if (text.isEmpty() && raw.has("text")) {
                            block.keep("text", raw.path("text"));
                        }
                        yield new Part.Text(text, block.extras(DIALECT));
                    }
                    case "image" -> MessagesMedia.image(block, raw);
                    case "document" -> MessagesMedia.document(block, raw);
                    case "search_result", "tool_reference" -> MessagesMedia.rendition(block, raw);
                    case "thinking", "redacted_thinking" -> MessagesReasoning.read(block, raw);
                    case "tool_use" -> call(block, raw);
                    case "tool_result" -> result(block);
                    default -> new Part.Unknown(DIALECT, raw);
                };
        parts.add(part);
        if (mark != null && !(part instanceof Part.Unknown)) {
            parts.add(new Part.CachePoint(mark.ttl()));
        }
    }

    private static Part call(Members block, JsonNode raw) {
        String id = block.requiredText("id");
        String name = block.requiredText("name");
        if (!raw.path("input").isObject()) {
            if (block.isStrict()) {
                throw Members.wrongType(block.path("input"), "an object", raw.path("input"));
            }
            return new Part.ToolCall(id, name, "", block.extras(DIALECT));
        }
        block.take("input");
        String arguments = new String(Json.write(raw.path("input")), StandardCharsets.UTF_8);
        return new Part.ToolCall(id, name, arguments, block.extras(DIALECT));
    }

    private static Part result(Members block) {
        String id = block.requiredText("tool_use_id");
        JsonNode content = block.peek("content");
        List<Part> parts = read(block, "content");
        if (isListOfOneText(content, parts)) {
            mark(block);
        }
        JsonNode form = block.peek("is_error");
        boolean failed = Boolean.TRUE.equals(block.flag("is_error"));
        if (!failed && form.isBoolean()) {
            block.keep("is_error", form);
        }
        return new Part.ToolResult(id, parts, failed, block.extras(DIALECT));
    }

    /** Writes the content of an object: a text where that is all, else a list of blocks. */
    static void write(List<Part> parts, ObjectNode holder, Extras form, Reader reader) {
        JsonNode marked = Residue.of(form, DIALECT, "content");
        if (parts.size() == 1 && isPlain(parts.getFirst()) && marked == null) {
            holder.put("content", ((Part.Text) parts.getFirst()).text());
            return;
        }
        if (parts.size() == 1
                && parts.getFirst() instanceof Part.Unknown unknown
                && unknown.raw().isString()) {
            holder.set("content", unknown.raw());
            return;
        }
        ArrayNode blocks = Json.object().arrayNode();
        write(parts, blocks, reader);
        if (!blocks.isEmpty()) {
            holder.set("content", blocks);
        }
    }

    static void write(List<Part> parts, ArrayNode blocks, Reader reader) {
        for (Part part : parts) {
            if (part instanceof Part.CachePoint point) {
                CacheMarks.put(blocks, point.ttl());
            } else {
                ObjectNode block = write(part, reader);
                if (block != null) {
                    blocks.add(block);
                }
            }
        }
    }

    /** Null for what this dialect cannot say; see {@link MessagesLosses}. */
    static @Nullable ObjectNode write(Part part, Reader reader) {
        return switch (part) {
            case Part.Text text -> text(text);
            case Part.Refusal refusal ->
                    refusal.text().isEmpty()
                            ? null
                            : Json.object().put("type", "text").put("text", refusal.text());
            case Part.Image image -> MessagesMedia.write(image);
            case Part.File file -> MessagesMedia.write(file);
            case Part.Reasoning reasoning -> MessagesReasoning.write(reasoning, reader);
            case Part.ToolCall call -> call(call);
            case Part.ToolResult result -> result(result, reader);
            case Part.Unknown unknown ->
                    unknown.dialect().equals(DIALECT) && unknown.raw() instanceof ObjectNode raw
                            ? raw
                            : null;
            case Part.Audio _, Part.CachePoint _ -> null;
        };
    }

    private static @Nullable ObjectNode text(Part.Text text) {
        boolean ours = text.extras().dialect().equals(DIALECT);
        if (ours && text.extras().members().containsKey("type")) {
            return MessagesMedia.rendered(text);
        }
        if (text.text().isEmpty() && !ours) {
            // Anthropic takes no empty text.
            return null;
        }
        ObjectNode node = Json.object().put("type", "text");
        if (!text.text().isEmpty()) {
            node.put("text", text.text());
        }
        return Residue.fill(node, text.extras(), DIALECT);
    }

    private static ObjectNode call(Part.ToolCall call) {
        ObjectNode node =
                Json.object()
                        .put("type", "tool_use")
                        .put("id", wireId(call.callId()))
                        .put("name", call.name());
        node.set("input", input(call.arguments()));
        return Residue.fill(node, call.extras(), DIALECT);
    }

    /** A call's arguments as an object; whatever else a model wrote is put into one. */
    static ObjectNode input(String arguments) {
        if (arguments.isBlank()) {
            return Json.object();
        }
        ObjectNode object = object(arguments);
        return object == null ? Json.object().put("arguments", arguments) : object;
    }

    /** Null when the text is no JSON object. */
    static @Nullable ObjectNode object(String arguments) {
        try {
            return Json.read(arguments, Cause.SUPPLIER_FAILED) instanceof ObjectNode object
                    ? object
                    : null;
        } catch (Failed notJson) {
            return null;
        }
    }

    private static ObjectNode result(Part.ToolResult result, Reader reader) {
        ObjectNode node =
                Json.object()
                        .put("type", "tool_result")
                        .put("tool_use_id", wireId(result.callId()));
        write(result.content(), node, result.extras(), reader);
        if (result.failed()) {
            node.put("is_error", true);
        }
        return Residue.fill(node, result.extras(), DIALECT);
    }

    /**
     * An id as Anthropic takes it: letters, digits, hyphens and underscores. Other letters are
     * written as their number, so that a call and its result still agree.
     */
    static String wireId(String id) {
        if (CALL_ID.matcher(id).matches()) {
            return id;
        }
        var wire = new StringBuilder();
        id.chars()
                .forEach(letter -> {
                    String one = String.valueOf((char) letter);
                    wire.append(
                            CALL_ID.matcher(one).matches()
                                    ? one
                                    : "_" + Integer.toHexString(letter).toUpperCase(Locale.ROOT));
                });
        return wire.isEmpty() ? "_" : wire.toString();
    }

    static boolean isPlain(Part part) {
        return part instanceof Part.Text text && text.extras().isEmpty() && !text.text().isEmpty();
    }
}
