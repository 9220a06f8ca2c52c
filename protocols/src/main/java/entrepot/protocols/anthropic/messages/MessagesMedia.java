package entrepot.protocols.anthropic.messages;

import static entrepot.protocols.anthropic.messages.MessagesRequests.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Images and documents, and blocks that other dialects can only be told as text.
 *
 * <p>A document in plain text, a search result or the name of a tool is a text to any model that is
 * not Anthropic's: the record holds what it says, and among the extras the block as it came.
 */
final class MessagesMedia {

    private static final String PDF = "application/pdf";

    /** How a PDF begins, in base64: {@code %PDF-}. */
    private static final String PDF_START = "JVBERi";

    private MessagesMedia() {}

    static Part image(Members block, JsonNode raw) {
        JsonNode type = raw.path("source").path("type");
        if (!type.asString("").equals("base64") && !type.asString("").equals("url")) {
            return new Part.Unknown(DIALECT, raw);
        }
        Members source = block.requiredObject("source");
        source.take("type");
        if (type.asString("").equals("url")) {
            String url = source.requiredText("url");
            return new Part.Image(url, null, null, null, block.extras(DIALECT));
        }
        String data = source.requiredText("data");
        String mediaType = source.requiredText("media_type");
        return new Part.Image(null, data, mediaType, null, block.extras(DIALECT));
    }

    static Part document(Members block, JsonNode raw) {
        return switch (raw.path("source").path("type").asString("")) {
            case "base64" -> {
                Members source = source(block);
                String data = source.requiredText("data");
                String mediaType = source.requiredText("media_type");
                String title = block.text("title");
                yield new Part.File(null, null, data, mediaType, title, block.extras(DIALECT));
            }
            case "url" -> {
                String url = source(block).requiredText("url");
                String title = block.text("title");
                yield new Part.File(null, url, null, null, title, block.extras(DIALECT));
            }
            case "file" -> {
                String id = source(block).requiredText("file_id");
                String title = block.text("title");
                yield new Part.File(id, null, null, null, title, block.extras(DIALECT));
            }
            case "text", "content" -> rendition(block, raw);
            default -> new Part.Unknown(DIALECT, raw);
        };
    }

    private static Members source(Members block) {
        Members source = block.requiredObject("source");
        source.take("type");
        return source;
    }

    /** A block as text, with itself among the extras; unknown where it holds more than text. */
    static Part rendition(Members block, JsonNode raw) {
        var said = new ArrayList<String>();
        for (String name : List.of("title", "context", "tool_name")) {
            said.add(raw.path(name).asString(""));
        }
        JsonNode source = raw.path("source");
        said.add(source.isString() ? source.stringValue() : source.path("data").asString(""));
        if (!add(source.path("content"), said) || !add(raw.path("content"), said)) {
            return new Part.Unknown(DIALECT, raw);
        }
        said.removeIf(String::isEmpty);
        var members = new LinkedHashMap<String, JsonNode>();
        members.put("type", raw.path("type"));
        for (Map.Entry<String, JsonNode> member : raw.properties()) {
            if (block.take(member.getKey()) != null) {
                members.put(member.getKey(), member.getValue());
            }
        }
        return new Part.Text(String.join("\n", said), new Extras(DIALECT, members));
    }

    private static boolean add(JsonNode content, List<String> said) {
        if (content.isString()) {
            said.add(content.stringValue());
        }
        for (JsonNode block : content.isArray() ? content : Json.object()) {
            if (!block.path("type").asString("").equals("text")) {
                return false;
            }
            said.add(block.path("text").asString(""));
        }
        return true;
    }

    /** The block that a text stands for. */
    static ObjectNode rendered(Part.Text text) {
        ObjectNode node = Json.object();
        text.extras().members().forEach(node::set);
        return node;
    }

    static @Nullable ObjectNode write(Part.Image image) {
        ObjectNode node = Json.object().put("type", "image");
        ObjectNode source = node.putObject("source");
        if (image.base64() != null) {
            String mediaType = image.mediaType() == null ? "image/png" : image.mediaType();
            source.put("type", "base64").put("media_type", mediaType).put("data", image.base64());
        } else if (image.url() != null) {
            source.put("type", "url").put("url", image.url());
        } else {
            return null;
        }
        return Residue.fill(node, image.extras(), DIALECT);
    }

    static @Nullable ObjectNode write(Part.File file) {
        ObjectNode node = Json.object().put("type", "document");
        ObjectNode source = node.putObject("source");
        if (file.fileId() != null) {
            source.put("type", "file").put("file_id", file.fileId());
        } else if (file.base64() != null) {
            if (!bytes(file, file.base64(), source)) {
                return null;
            }
        } else if (file.url() != null) {
            source.put("type", "url").put("url", file.url());
        } else {
            return null;
        }
        if (file.filename() != null) {
            node.put("title", file.filename());
        }
        return Residue.fill(node, file.extras(), DIALECT);
    }

    private static boolean bytes(Part.File file, String base64, ObjectNode source) {
        String mediaType = mediaType(file);
        if (mediaType == null || !isTaken(file)) {
            return false;
        }
        boolean ours = file.extras().dialect().equals(DIALECT);
        if (!ours && mediaType.startsWith("text/")) {
            String text = text(base64);
            if (text == null) {
                return false;
            }
            source.put("type", "text").put("media_type", "text/plain").put("data", text);
        } else {
            source.put("type", "base64").put("media_type", mediaType).put("data", base64);
        }
        return true;
    }

    /** The media type, guessed where it was not said; null when it cannot be. */
    static @Nullable String mediaType(Part.File file) {
        if (file.mediaType() != null || file.base64() == null) {
            return file.mediaType();
        }
        return file.base64().startsWith(PDF_START) ? PDF : null;
    }

    private static @Nullable String text(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    /** Whether Anthropic takes such a file at all. */
    static boolean isTaken(Part.File file) {
        if (file.base64() == null) {
            return true;
        }
        String mediaType = mediaType(file);
        return mediaType != null
                && (mediaType.equals(PDF)
                        || (mediaType.startsWith("text/") && text(file.base64()) != null));
    }
}
