package entrepot.protocols.openai.chat;

import static entrepot.protocols.openai.chat.ChatRequests.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code content} of a message: a text, or a list of parts.
 *
 * <p>A text and a list with that text alone mean the same. The record keeps the difference as an
 * extra: {@code content} as an empty list marks the list.
 */
final class ChatParts {

    private static final Pattern DATA_URL = Pattern.compile("data:([^;,]+);base64,(.*)");
    private static final ArrayNode LIST = Json.object().arrayNode();

    private ChatParts() {}

    /**
     * Takes the content of a message; what has no part of its own stays among the members.
     *
     * @param required whether a message without content is a mistake
     */
    static List<Part> read(Members message, boolean required) {
        JsonNode content = message.peek("content");
        if (content.isString()) {
            if (!content.stringValue().isEmpty()) {
                message.take("content");
                return List.of(new Part.Text(content.stringValue(), Extras.NONE));
            }
            if (required) {
                message.take("content");
            }
            return List.of();
        }
        if (content instanceof ArrayNode list) {
            return list(message, list);
        }
        if (message.isStrict()) {
            boolean absent = content.isMissingNode() || content.isNull();
            if (absent && required) {
                throw message.missing("content");
            }
            if (!absent) {
                throw Members.wrongType(
                        message.path("content"), "a string or an array of objects", content);
            }
        }
        return List.of();
    }

    private static List<Part> list(Members message, ArrayNode list) {
        var parts = new ArrayList<Part>();
        for (int i = 0; i < list.size(); i++) {
            parts.add(part(list.get(i), message, i));
        }
        if (parts.isEmpty()) {
            return parts;
        }
        message.take("content");
        if (parts.size() == 1 && isPlain(parts.getFirst())) {
            message.keep("content", LIST);
        }
        return parts;
    }

    private static Part part(JsonNode node, Members message, int index) {
        if (!message.isStrict()) {
            return node instanceof ObjectNode object
                    ? part(Members.lenient(object), object)
                    : new Part.Unknown(DIALECT, node);
        }
        Members members = Members.strict(node, message.path("content[" + index + "]"));
        return part(members, node);
    }

    private static Part part(Members members, JsonNode raw) {
        String type = members.requiredText("type");
        return switch (type) {
            case "text" -> new Part.Text(members.requiredText("text"), members.extras(DIALECT));
            case "image_url" -> image(members);
            case "input_audio" -> {
                Members audio = members.requiredObject("input_audio");
                yield new Part.Audio(
                        audio.requiredText("data"),
                        audio.requiredText("format"),
                        members.extras(DIALECT));
            }
            case "file" -> file(members, raw);
            case "document_url" -> document(members, raw);
            case "refusal" -> {
                String text = members.requiredText("refusal");
                // Marks a refusal among the content, not beside it.
                members.keep("type", raw.path("type"));
                yield new Part.Refusal(text, members.extras(DIALECT));
            }
            default -> new Part.Unknown(DIALECT, raw);
        };
    }

    private static Part image(Members members) {
        JsonNode bare = members.peek("image_url");
        if (bare.isString()) {
            // OpenAI takes a bare address too, although its schema does not say so.
            return image(bare.stringValue(), null, members);
        }
        Members image = members.requiredObject("image_url");
        String url = image.requiredText("url");
        return image(url, image.text("detail"), members);
    }

    private static Part image(String url, @Nullable String detail, Members members) {
        Matcher data = DATA_URL.matcher(url);
        return data.matches()
                ? new Part.Image(
                        null, data.group(2), data.group(1), detail, members.extras(DIALECT))
                : new Part.Image(url, null, null, detail, members.extras(DIALECT));
    }

    /** Mistral's way to send a file. */
    private static Part document(Members members, JsonNode raw) {
        if (!raw.path("document_url").isString()) {
            return new Part.Unknown(DIALECT, raw);
        }
        String url = members.requiredText("document_url");
        String name = members.text("document_name");
        members.keep("type", raw.path("type"));
        Matcher data = DATA_URL.matcher(url);
        return data.matches()
                ? new Part.File(
                        null, null, data.group(2), data.group(1), name, members.extras(DIALECT))
                : new Part.File(null, url, null, null, name, members.extras(DIALECT));
    }

    private static Part file(Members members, JsonNode raw) {
        Members file = members.requiredObject("file");
        String id = file.text("file_id");
        String data = file.text("file_data");
        String name = file.text("filename");
        if (id == null && data == null) {
            return new Part.Unknown(DIALECT, raw);
        }
        Extras extras = members.extras(DIALECT);
        if (data == null) {
            return new Part.File(id, null, null, null, name, extras);
        }
        Matcher url = DATA_URL.matcher(data);
        if (url.matches()) {
            return new Part.File(id, null, url.group(2), url.group(1), name, extras);
        }
        // OpenRouter takes an address here.
        return data.startsWith("https:") || data.startsWith("http:")
                ? new Part.File(id, data, null, null, name, extras)
                : new Part.File(id, null, data, null, name, extras);
    }

    /**
     * Writes the content of a message.
     *
     * @param required whether a message without content is a mistake
     */
    static void write(List<Part> parts, ObjectNode message, Extras extras, boolean required) {
        JsonNode form = Residue.of(extras, DIALECT, "content");
        boolean list = form != null && form.isArray();
        if (parts.isEmpty()) {
            if (required && form == null) {
                message.put("content", "");
            }
        } else if (parts.size() == 1 && isPlain(parts.getFirst()) && !list) {
            message.put("content", ((Part.Text) parts.getFirst()).text());
        } else {
            ArrayNode content = message.putArray("content");
            parts.stream().map(ChatParts::write).filter(Objects::nonNull).forEach(content::add);
        }
    }

    /** Whether a part belongs into the content of a message. */
    static boolean isContent(Part part) {
        return switch (part) {
            case Part.Text _, Part.Image _, Part.File _, Part.Audio _ -> true;
            case Part.CachePoint _ -> false;
            case Part.Refusal refusal -> Residue.of(refusal.extras(), DIALECT, "type") != null;
            case Part.Unknown unknown ->
                    unknown.dialect().equals(DIALECT) && !ChatCalls.isCall(unknown.raw());
            case Part.Reasoning _, Part.ToolCall _, Part.ToolResult _ -> false;
        };
    }

    private static boolean isPlain(Part part) {
        return part instanceof Part.Text text && text.extras().isEmpty();
    }

    private static @Nullable JsonNode write(Part part) {
        ObjectNode node = Json.object();
        return switch (part) {
            case Part.Text text ->
                    Residue.fill(
                            node.put("type", "text").put("text", text.text()),
                            text.extras(),
                            DIALECT);
            case Part.Refusal refusal ->
                    Residue.fill(node.put("refusal", refusal.text()), refusal.extras(), DIALECT);
            case Part.Image image -> image(image, node);
            case Part.File file -> file(file, node);
            case Part.Audio audio -> {
                node.put("type", "input_audio")
                        .putObject("input_audio")
                        .put("data", audio.base64())
                        .put("format", audio.format());
                yield Residue.fill(node, audio.extras(), DIALECT);
            }
            case Part.Unknown unknown -> unknown.raw();
            case Part.Reasoning _, Part.ToolCall _, Part.ToolResult _, Part.CachePoint _ -> null;
        };
    }

    private static JsonNode image(Part.Image image, ObjectNode node) {
        node.put("type", "image_url");
        String url =
                image.base64() == null ? image.url() : dataUrl(image.mediaType(), image.base64());
        JsonNode form = Residue.of(image.extras(), DIALECT, "image_url");
        if (form != null && form.isString()) {
            node.put("image_url", url);
        } else {
            ObjectNode body = node.putObject("image_url").put("url", url);
            if (image.detail() != null) {
                body.put("detail", image.detail());
            }
        }
        return Residue.fill(node, image.extras(), DIALECT);
    }

    private static JsonNode file(Part.File file, ObjectNode node) {
        if (Residue.of(file.extras(), DIALECT, "type") != null) {
            String url =
                    file.url() == null && file.base64() != null
                            ? dataUrl(file.mediaType(), file.base64())
                            : file.url();
            node.put("document_url", url);
            if (file.filename() != null) {
                node.put("document_name", file.filename());
            }
            return Residue.fill(node, file.extras(), DIALECT);
        }
        ObjectNode body = node.put("type", "file").putObject("file");
        if (file.fileId() != null) {
            body.put("file_id", file.fileId());
        }
        if (file.filename() != null) {
            body.put("filename", file.filename());
        }
        if (file.base64() != null) {
            body.put(
                    "file_data",
                    file.mediaType() == null
                            ? file.base64()
                            : dataUrl(file.mediaType(), file.base64()));
        } else if (file.url() != null) {
            body.put("file_data", file.url());
        }
        return Residue.fill(node, file.extras(), DIALECT);
    }

    private static String dataUrl(@Nullable String mediaType, String base64) {
        return "data:" + (mediaType == null ? "image/png" : mediaType) + ";base64," + base64;
    }
}
