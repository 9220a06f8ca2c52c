package entrepot.protocols.bedrock.converse;

import static entrepot.protocols.bedrock.converse.ConverseRequests.DIALECT;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Part;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** Images, documents and audio: by bytes in base64, or by an address in S3. */
final class ConverseMedia {

    /** Documents by Bedrock's word for the format (DocumentFormat). */
    private static final Map<String, String> DOCUMENTS =
            Map.of(
                    "pdf", "application/pdf",
                    "csv", "text/csv",
                    "doc", "application/msword",
                    "docx",
                            "application/vnd.openxmlformats-officedocument.wordprocessingml"
                                    + ".document",
                    "xls", "application/vnd.ms-excel",
                    "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                    "html", "text/html",
                    "txt", "text/plain",
                    "md", "text/markdown");

    private static final Map<String, String> FORMATS = new TreeMap<>();

    static {
        DOCUMENTS.forEach((format, type) -> FORMATS.put(type, format));
    }

    private ConverseMedia() {}

    /** Null when it is no image that has a part of its own. */
    static @Nullable Part image(Members block) {
        Members image = block.requiredObject("image");
        Members source = image.requiredObject("source");
        String bytes = source.text("bytes");
        String uri = bytes == null ? uri(source) : null;
        if (bytes == null && uri == null) {
            return null;
        }
        String format = image.text("format");
        String type = format == null ? null : "image/" + format;
        return new Part.Image(uri, bytes, type, null, block.extras(DIALECT));
    }

    static @Nullable Part document(Members block) {
        Members document = block.requiredObject("document");
        Members source = document.requiredObject("source");
        String bytes = source.text("bytes");
        String uri = bytes == null ? uri(source) : null;
        if (bytes == null && uri == null) {
            if (!source.peek("text").isString()) {
                return null;
            }
            String text = source.requiredText("text");
            bytes = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
            // Marks a document that came as text.
            block.keep("form", Json.object().stringNode("text"));
        }
        String name = document.text("name");
        String format = document.text("format");
        String type = format == null ? null : DOCUMENTS.getOrDefault(format, "document/" + format);
        return new Part.File(null, uri, bytes, type, name, block.extras(DIALECT));
    }

    static @Nullable Part audio(Members block) {
        Members audio = block.requiredObject("audio");
        Members source = audio.requiredObject("source");
        String bytes = source.text("bytes");
        String format = audio.text("format");
        return bytes == null || format == null
                ? null
                : new Part.Audio(bytes, format, block.extras(DIALECT));
    }

    private static @Nullable String uri(Members source) {
        Members location = source.object("s3Location");
        return location == null ? null : location.text("uri");
    }

    static ObjectNode write(Part.Image image, String path) {
        ObjectNode node = Json.object();
        ObjectNode body = node.putObject("image");
        String format = format(image);
        if (format != null) {
            body.put("format", format);
        }
        source(body, image.base64(), image.url(), path);
        return Residue.fill(node, image.extras(), DIALECT);
    }

    static ObjectNode write(Part.File file, String path) {
        ObjectNode node = Json.object();
        ObjectNode body = node.putObject("document");
        String format = format(file);
        if (format != null) {
            body.put("format", format);
        }
        if (file.filename() != null) {
            body.put("name", file.filename());
        } else if (!file.extras().dialect().equals(DIALECT)) {
            body.put("name", name(null));
        }
        JsonNode form = Residue.of(file.extras(), DIALECT, "form");
        if (form != null && file.base64() != null) {
            byte[] text = Base64.getDecoder().decode(file.base64());
            body.putObject("source").put("text", new String(text, StandardCharsets.UTF_8));
        } else {
            source(body, file.base64(), file.url(), path);
        }
        Residue.fill(node, file.extras(), DIALECT).remove("form");
        return node;
    }

    static ObjectNode write(Part.Audio audio) {
        ObjectNode node = Json.object();
        ObjectNode body = node.putObject("audio").put("format", audio.format());
        body.putObject("source").put("bytes", audio.base64());
        return Residue.fill(node, audio.extras(), DIALECT);
    }

    private static void source(
            ObjectNode body, @Nullable String base64, @Nullable String url, String path) {
        ObjectNode source = body.putObject("source");
        if (base64 != null) {
            source.put("bytes", base64);
        } else if (isS3(url)) {
            source.putObject("s3Location").put("uri", url);
        } else {
            throw new Failed(
                    Failure.at(
                            Cause.INVALID_REQUEST,
                            "'%s': Bedrock Converse takes bytes or an s3:// address; send the bytes."
                                    .formatted(path),
                            path));
        }
    }

    static boolean isS3(@Nullable String url) {
        return url != null && url.startsWith("s3://");
    }

    static @Nullable String format(Part.Image image) {
        String type = image.mediaType();
        if (type == null) {
            return image.base64() == null || image.extras().dialect().equals(DIALECT)
                    ? null
                    : looksLike(image.base64());
        }
        String format = type.startsWith("image/") ? type.substring(6) : type;
        return format.equals("jpg") ? "jpeg" : format;
    }

    /** By the first bytes, where nobody said. */
    private static String looksLike(String base64) {
        if (base64.startsWith("/9j/")) {
            return "jpeg";
        }
        if (base64.startsWith("R0lGOD")) {
            return "gif";
        }
        return base64.startsWith("UklGR") ? "webp" : "png";
    }

    static @Nullable String format(Part.File file) {
        String type = file.mediaType();
        if (type == null) {
            return null;
        }
        return type.startsWith("document/") ? type.substring(9) : FORMATS.get(type);
    }

    /** A name without what Bedrock refuses in one (DocumentBlock.name). */
    static String name(@Nullable String filename) {
        if (filename == null || filename.isBlank()) {
            return "document";
        }
        String name =
                filename.replaceAll("[^A-Za-z0-9_\\s()\\[\\]-]", "-")
                        .replaceAll("\\s+", " ")
                        .strip();
        return name.length() > 200 ? name.substring(0, 200) : name;
    }
}
