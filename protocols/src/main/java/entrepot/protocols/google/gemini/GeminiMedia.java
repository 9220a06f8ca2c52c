package entrepot.protocols.google.gemini;

import static entrepot.protocols.google.gemini.GeminiRequests.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Locale;
import java.util.Map;

/**
 * {@code inlineData} and {@code fileData}: images, sound and documents by their bytes or by their
 * address (content.proto, Blob and FileData). Google asks for the media type of each.
 */
final class GeminiMedia {

    /** What Google calls sounds that others call by a short name. */
    private static final Map<String, String> SHORT =
            Map.of("mpeg", "mp3", "x-wav", "wav", "wave", "wav", "vnd.wave", "wav");

    private static final Map<String, String> TYPES =
            Map.ofEntries(
                    Map.entry("png", "image/png"),
                    Map.entry("jpg", "image/jpeg"),
                    Map.entry("jpeg", "image/jpeg"),
                    Map.entry("gif", "image/gif"),
                    Map.entry("webp", "image/webp"),
                    Map.entry("heic", "image/heic"),
                    Map.entry("pdf", "application/pdf"),
                    Map.entry("txt", "text/plain"),
                    Map.entry("md", "text/markdown"),
                    Map.entry("csv", "text/csv"),
                    Map.entry("html", "text/html"),
                    Map.entry("json", "application/json"),
                    Map.entry("mp3", "audio/mp3"),
                    Map.entry("wav", "audio/wav"),
                    Map.entry("mp4", "video/mp4"));

    /** Marks a part that came without a media type, and goes back without one. */
    private static final String UNTYPED = "~untyped";

    private GeminiMedia() {}

    /** The caller fills the extras in. */
    static Part inline(Members part) {
        Members blob = part.requiredObject("inlineData");
        String data = blob.requiredText("data");
        String type = blob.text("mimeType");
        if (type != null && type.startsWith("image/")) {
            return new Part.Image(null, data, type, null, Extras.NONE);
        }
        if (type != null && type.matches("audio/[A-Za-z0-9.+-]+")) {
            String format = type.substring("audio/".length());
            if (SHORT.containsKey(format)) {
                blob.keep("mimeType", Json.object().stringNode(type));
            }
            return new Part.Audio(data, SHORT.getOrDefault(format, format), Extras.NONE);
        }
        if (type == null) {
            part.keep(UNTYPED, BooleanNode.TRUE);
        }
        String name = name(blob);
        return new Part.File(null, null, data, type, name, Extras.NONE);
    }

    /** The caller fills the extras in. */
    static Part file(Members part) {
        Members data = part.requiredObject("fileData");
        String uri = data.requiredText("fileUri");
        String type = data.text("mimeType");
        if (type != null && type.startsWith("image/")) {
            return new Part.Image(uri, null, type, null, Extras.NONE);
        }
        if (type == null) {
            part.keep(UNTYPED, BooleanNode.TRUE);
        }
        String name = name(data);
        return isStored(uri)
                ? new Part.File(uri, null, null, type, name, Extras.NONE)
                : new Part.File(null, uri, null, type, name, Extras.NONE);
    }

    /** Only Vertex knows names: one that came stays, others are not said. */
    private static @Nullable String name(Members data) {
        JsonNode name = data.peek("displayName");
        return name.isString() ? name.stringValue() : null;
    }

    /** Whether only Google can read what an address names: a stored file, an object of a bucket. */
    private static boolean isStored(String uri) {
        return !uri.startsWith("http")
                || uri.matches("https://generativelanguage\\.googleapis\\.com/[^/]+/files/.*");
    }

    static void write(Part.Image image, ObjectNode node) {
        if (image.base64() != null) {
            blob(node, typeOf(image.mediaType(), "image/png"), image.base64());
        } else {
            address(node, image.url(), typeOf(image.mediaType(), guess(image.url(), "image/jpeg")));
        }
    }

    static void write(Part.File file, ObjectNode node) {
        ObjectNode body;
        if (file.base64() != null) {
            String name = file.filename() == null ? "" : file.filename();
            body = blob(node, file.mediaType(), file.base64());
            if (file.mediaType() == null && !isUntyped(file.extras())) {
                body.put("mimeType", guess(name, "application/octet-stream"));
            }
        } else {
            String uri = file.url() == null ? file.fileId() : file.url();
            body = address(node, uri, file.mediaType());
            if (file.mediaType() == null && !isUntyped(file.extras())) {
                body.put("mimeType", guess(uri, "application/pdf"));
            }
        }
    }

    static void write(Part.Audio audio, ObjectNode node) {
        JsonNode form = Residue.of(audio.extras(), DIALECT, "inlineData");
        String type = form == null ? "" : form.path("mimeType").asString("");
        boolean same =
                type.startsWith("audio/")
                        && audio.format().equals(SHORT.get(type.substring("audio/".length())));
        blob(node, same ? type : "audio/" + audio.format(), audio.base64());
    }

    private static boolean isUntyped(Extras extras) {
        return Residue.of(extras, DIALECT, UNTYPED) != null;
    }

    private static ObjectNode blob(ObjectNode node, @Nullable String type, String data) {
        ObjectNode blob = node.putObject("inlineData");
        if (type != null) {
            blob.put("mimeType", type);
        }
        return blob.put("data", data);
    }

    private static ObjectNode address(
            ObjectNode node, @Nullable String uri, @Nullable String type) {
        ObjectNode data = node.putObject("fileData");
        if (type != null) {
            data.put("mimeType", type);
        }
        return data.put("fileUri", uri);
    }

    private static String typeOf(@Nullable String type, String otherwise) {
        return type == null ? otherwise : type;
    }

    /** The media type by the ending of a name or an address. */
    private static String guess(@Nullable String name, String otherwise) {
        if (name == null) {
            return otherwise;
        }
        String path = name.split("[?#]", 2)[0];
        String ending = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return TYPES.getOrDefault(ending, otherwise);
    }
}
