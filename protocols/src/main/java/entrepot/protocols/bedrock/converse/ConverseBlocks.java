package entrepot.protocols.bedrock.converse;

import static entrepot.protocols.bedrock.converse.ConverseRequests.DIALECT;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Part;
import entrepot.protocols.Seals;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Content blocks: unions with one member, whose name is the kind (ContentBlock). */
final class ConverseBlocks {

    private static final List<String> KINDS =
            List.of(
                    "text",
                    "toolUse",
                    "toolResult",
                    "reasoningContent",
                    "cachePoint",
                    "image",
                    "document",
                    "audio",
                    "json",
                    "citationsContent");

    private ConverseBlocks() {}

    /** Reads the block at an index of a list in {@code owner}. */
    static Part read(JsonNode node, Members owner, String list, int index) {
        if (!owner.isStrict()) {
            return node instanceof ObjectNode object
                    ? read(Members.lenient(object), object)
                    : new Part.Unknown(DIALECT, node);
        }
        Members block = Members.strict(node, owner.path(list + "[" + index + "]"));
        if (node.isEmpty()) {
            throw block.wrong("text", "a content block has one member, and here is none.");
        }
        return read(block, (ObjectNode) node);
    }

    private static Part read(Members block, ObjectNode raw) {
        Part part =
                switch (kind(raw)) {
                    case "text" -> text(block);
                    case "toolUse" -> call(block);
                    case "toolResult" -> result(block, raw);
                    case "reasoningContent" -> reasoning(block);
                    case "cachePoint" -> cachePoint(raw);
                    case "image" -> ConverseMedia.image(block);
                    case "document" -> ConverseMedia.document(block);
                    case "audio" -> ConverseMedia.audio(block);
                    case "json" -> json(block);
                    case "citationsContent" -> cited(block, raw);
                    default -> null;
                };
        return part == null ? new Part.Unknown(DIALECT, raw) : part;
    }

    private static String kind(ObjectNode raw) {
        for (String kind : KINDS) {
            if (raw.has(kind) && !raw.get(kind).isNull()) {
                return kind;
            }
        }
        return "";
    }

    private static @Nullable Part text(Members block) {
        JsonNode raw = block.peek("text");
        String text = block.text("text");
        if (text == null) {
            return null;
        }
        if (text.isBlank()) {
            // Bedrock refuses it; that it was sent all the same is a form.
            block.keep("text", raw);
        }
        return new Part.Text(text, block.extras(DIALECT));
    }

    private static @Nullable Part json(Members block) {
        JsonNode value = block.take("json");
        if (value == null) {
            return null;
        }
        block.keep("json", Json.object());
        return new Part.Text(text(value), block.extras(DIALECT));
    }

    static String text(JsonNode value) {
        return new String(Json.write(value), UTF_8);
    }

    private static @Nullable Part call(Members block) {
        Members call = block.requiredObject("toolUse");
        if (call.peek("type").asString("").equals("server_tool_use")) {
            // Bedrock has run it: nobody here is asked to.
            return null;
        }
        String id = call.requiredText("toolUseId");
        String name = call.requiredText("name");
        if (name.isEmpty() && call.isStrict()) {
            throw call.wrong("name", "the name of a tool is empty.");
        }
        JsonNode input = call.take("input");
        if (input == null && call.isStrict()) {
            throw call.missing("input");
        }
        String arguments = input == null ? "" : text(input);
        return new Part.ToolCall(id, name, arguments, block.extras(DIALECT));
    }

    private static @Nullable Part result(Members block, ObjectNode raw) {
        if (raw.path("toolResult").has("type")) {
            return null;
        }
        Members result = block.requiredObject("toolResult");
        String id = result.requiredText("toolUseId");
        ArrayNode list = result.list("content");
        if (list == null && result.isStrict()) {
            throw result.missing("content");
        }
        var content = new ArrayList<Part>();
        for (int i = 0; list != null && i < list.size(); i++) {
            content.add(read(list.get(i), result, "content", i));
        }
        boolean failed = result.peek("status").asString("").equals("error");
        if (failed) {
            result.take("status");
        }
        return new Part.ToolResult(id, content, failed, block.extras(DIALECT));
    }

    private static @Nullable Part reasoning(Members block) {
        Members content = block.requiredObject("reasoningContent");
        JsonNode redacted = content.peek("redactedContent");
        if (redacted.isString()) {
            content.take("redactedContent");
            String opaque = opaque(redacted.stringValue());
            if (opaque == null) {
                return null;
            }
            return new Part.Reasoning(
                    "", Seals.seal(Seals.ANTHROPIC, opaque), block.extras(DIALECT));
        }
        Members text = content.object("reasoningText");
        if (text == null) {
            return null;
        }
        String thought = text.requiredText("text");
        String signature = text.text("signature");
        if (thought.isEmpty() && signature != null) {
            // Marks reasoning that is not shown, where redacted reasoning has its own member.
            block.keep("form", Json.object().stringNode("reasoningText"));
        }
        return new Part.Reasoning(
                thought,
                signature == null ? null : Seals.seal(Seals.ANTHROPIC, signature),
                block.extras(DIALECT));
    }

    /** The vendor's own text for what it redacted; null when these bytes are no text. */
    private static @Nullable String opaque(String blob) {
        try {
            String text = new String(Base64.getDecoder().decode(blob), UTF_8);
            return !text.isEmpty() && blob(text).equals(blob) ? text : null;
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    static String blob(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static @Nullable Part cachePoint(ObjectNode raw) {
        if (raw.size() != 1) {
            return null;
        }
        return isCachePoint(raw.path("cachePoint"))
                ? new Part.CachePoint(ttl(raw.path("cachePoint")))
                : null;
    }

    static boolean isCachePoint(JsonNode point) {
        int known = 1 + (point.path("ttl").isString() ? 1 : 0);
        return point.isObject()
                && point.path("type").asString("").equals("default")
                && point.size() == known;
    }

    static @Nullable String ttl(JsonNode point) {
        return point.path("ttl").isString() ? point.path("ttl").stringValue() : null;
    }

    static ObjectNode cachePoint(@Nullable String ttl) {
        ObjectNode node = Json.object();
        ObjectNode point = node.putObject("cachePoint").put("type", "default");
        if (ttl != null) {
            point.put("ttl", ttl);
        }
        return node;
    }

    /** Text with its sources: the text is for everybody, the sources are ours to carry. */
    private static Part cited(Members block, ObjectNode raw) {
        return new Part.Text(said(raw.path("citationsContent")), block.extras(DIALECT));
    }

    private static String said(JsonNode cited) {
        var text = new StringBuilder();
        cited.path("content").forEach(piece -> text.append(piece.path("text").asString("")));
        return text.toString();
    }

    /**
     * Writes a part; null for one that has no place in Converse.
     *
     * @param path of the part in the canonical record
     */
    static @Nullable JsonNode write(Part part, String path) {
        return switch (part) {
            case Part.Text text -> text(text);
            case Part.Refusal refusal ->
                    refusal.text().isBlank() ? null : Json.object().put("text", refusal.text());
            case Part.Image image -> ConverseMedia.write(image, path);
            case Part.File file -> ConverseMedia.write(file, path);
            case Part.Audio audio -> ConverseMedia.write(audio);
            case Part.Reasoning reasoning -> reasoning(reasoning);
            case Part.ToolCall call -> call(call, path);
            case Part.ToolResult result -> result(result, path);
            case Part.CachePoint point -> cachePoint(point.ttl());
            case Part.Unknown unknown -> unknown.dialect().equals(DIALECT) ? unknown.raw() : null;
        };
    }

    private static @Nullable JsonNode text(Part.Text text) {
        ObjectNode node = Json.object();
        if (Residue.of(text.extras(), DIALECT, "json") != null) {
            JsonNode value = Json.read(text.text(), Cause.INTERNAL);
            if (!hasNamelessMember(value)) {
                node.set("json", value);
                return Residue.fill(node, text.extras(), DIALECT);
            }
            // Bedrock refuses such an object; as text it takes it.
            return node.put("text", text.text());
        }
        JsonNode cited = Residue.of(text.extras(), DIALECT, "citationsContent");
        if (cited != null && said(cited).equals(text.text())) {
            return Residue.fill(node, text.extras(), DIALECT);
        }
        if (text.text().isBlank() && Residue.of(text.extras(), DIALECT, "text") == null) {
            return null;
        }
        return Residue.fill(node.put("text", text.text()), text.extras(), DIALECT);
    }

    static boolean hasNamelessMember(JsonNode value) {
        if (value.has("")) {
            return true;
        }
        for (JsonNode within : value) {
            if (hasNamelessMember(within)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable JsonNode reasoning(Part.Reasoning reasoning) {
        String sealed = reasoning.signature();
        ObjectNode node = Json.object();
        ObjectNode content = node.putObject("reasoningContent");
        boolean form = Residue.of(reasoning.extras(), DIALECT, "form") != null;
        if (reasoning.text().isEmpty() && !form) {
            if (sealed == null && !reasoning.extras().dialect().equals(DIALECT)) {
                return null;
            }
            if (sealed != null) {
                content.put("redactedContent", blob(Seals.written(Seals.ANTHROPIC, sealed)));
                return Residue.fill(node, reasoning.extras(), DIALECT);
            }
        }
        ObjectNode text = content.putObject("reasoningText").put("text", reasoning.text());
        if (sealed != null) {
            text.put("signature", Seals.written(Seals.ANTHROPIC, sealed));
        }
        Residue.fill(node, reasoning.extras(), DIALECT).remove("form");
        return node;
    }

    private static JsonNode call(Part.ToolCall call, String path) {
        ObjectNode node = Json.object();
        ObjectNode body = node.putObject("toolUse");
        body.put("toolUseId", call.callId()).put("name", call.name());
        body.set("input", input(call.arguments(), path));
        return Residue.fill(node, call.extras(), DIALECT);
    }

    /** The arguments as the value that Converse wants; a call without any has the empty object. */
    static JsonNode input(String arguments, String path) {
        if (arguments.isBlank()) {
            return Json.object();
        }
        try {
            return Json.read(arguments, Cause.INTERNAL);
        } catch (Failed notJson) {
            throw new Failed(
                    Failure.at(
                            Cause.INVALID_REQUEST,
                            "'%s': the arguments of this tool call are not JSON, as Bedrock"
                                            .formatted(path)
                                    + " Converse requires.",
                            path));
        }
    }

    private static JsonNode result(Part.ToolResult result, String path) {
        ObjectNode node = Json.object();
        ObjectNode body = node.putObject("toolResult").put("toolUseId", result.callId());
        ArrayNode content = body.putArray("content");
        for (int i = 0; i < result.content().size(); i++) {
            JsonNode block = write(result.content().get(i), path + ".content[" + i + "]");
            if (block != null) {
                content.add(block);
            }
        }
        if (result.failed()) {
            body.put("status", "error");
        }
        return Residue.fill(node, result.extras(), DIALECT);
    }
}
