package entrepot.protocols.openai.responses.items;

import static entrepot.protocols.openai.responses.items.Form.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Logprob;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Part;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;
import entrepot.protocols.openai.OpenAiLogprobs;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts within an item (openapi.yaml, InputContent and OutputMessageContent). */
public final class Contents {

    /** OpenAI takes no bytes of a file without a name. */
    public static final String FILENAME = "document";

    private static final Pattern DATA_URL =
            Pattern.compile("data:([^;,]+);base64,(.*)", Pattern.DOTALL);

    private Contents() {}

    /** The type of a text when it was not said otherwise. */
    public static String textType(Role role) {
        return role == Role.ASSISTANT ? "output_text" : "input_text";
    }

    /**
     * Reads a list of parts.
     *
     * @param owner whose member the list is
     */
    public static List<Part> read(ArrayNode list, Members owner, String name, Role role) {
        var parts = new ArrayList<Part>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode node = list.get(i);
            if (owner.isStrict()) {
                String path = owner.path(name) + "[" + i + "]";
                parts.add(read(Members.strict(node, path), node, role));
            } else if (node instanceof ObjectNode object) {
                parts.add(read(Members.lenient(object), object, role));
            } else {
                parts.add(new Part.Unknown(DIALECT, node));
            }
        }
        return parts;
    }

    private static Part read(Members members, JsonNode raw, Role role) {
        String type = members.requiredText("type");
        return switch (type) {
            case "input_text", "output_text" -> {
                String text = members.requiredText("text");
                if (!type.equals(textType(role))) {
                    members.keep("type", raw.path("type"));
                }
                List<Logprob> logprobs = OpenAiLogprobs.read(raw.path("logprobs"));
                yield new Part.Text(text, logprobs, members.extras(DIALECT));
            }
            case "refusal" ->
                    new Part.Refusal(members.requiredText("refusal"), members.extras(DIALECT));
            case "input_image" -> image(members, raw);
            case "input_file" -> file(members, raw);
            default -> new Part.Unknown(DIALECT, raw);
        };
    }

    private static Part image(Members members, JsonNode raw) {
        String url = members.text("image_url");
        if (url == null) {
            // An image that the supplier keeps: nobody else can look at it.
            return new Part.Unknown(DIALECT, raw);
        }
        String detail = members.text("detail");
        Matcher data = DATA_URL.matcher(url);
        return data.matches()
                ? new Part.Image(
                        null, data.group(2), data.group(1), detail, members.extras(DIALECT))
                : new Part.Image(url, null, null, detail, members.extras(DIALECT));
    }

    private static Part file(Members members, JsonNode raw) {
        String id = members.text("file_id");
        String url = members.text("file_url");
        String data = members.text("file_data");
        String name = members.text("filename");
        if (id == null && url == null && data == null) {
            return new Part.Unknown(DIALECT, raw);
        }
        Extras extras = members.extras(DIALECT);
        if (data == null) {
            return new Part.File(id, url, null, null, name, extras);
        }
        Matcher typed = DATA_URL.matcher(data);
        String mediaType = typed.matches() ? typed.group(1) : null;
        String base64 = typed.matches() ? typed.group(2) : data;
        if (name == null) {
            extras = Form.extras(extras.members(), Form.NO_FILENAME);
        }
        return new Part.File(id, url, base64, mediaType, name, extras);
    }

    /** Whether a text could be said without a list. */
    public static boolean isPlain(Part part) {
        return part instanceof Part.Text text && Form.ofPart(text.extras()).isEmpty();
    }

    /** Writes one part; null when there is no place for it. */
    public static @Nullable ObjectNode write(Part part, Role role) {
        ObjectNode node = Json.object();
        return switch (part) {
            case Part.Text text -> {
                Extras extras = Form.ofPart(text.extras());
                String type = Form.text(extras, "type");
                node.put("type", type == null ? textType(role) : type).put("text", text.text());
                yield Form.fill(node, extras);
            }
            case Part.Refusal refusal ->
                    Form.fill(
                            node.put("type", "refusal").put("refusal", refusal.text()),
                            Form.ofPart(refusal.extras()));
            case Part.Image image -> {
                node.put("type", "input_image").put("image_url", address(image));
                if (image.detail() != null) {
                    node.put("detail", image.detail());
                }
                yield Form.fill(node, Form.ofPart(image.extras()));
            }
            case Part.File file -> file(file, node);
            case Part.Unknown unknown ->
                    unknown.dialect().equals(DIALECT) && unknown.raw() instanceof ObjectNode raw
                            ? raw
                            : null;
            case Part.Audio _,
                    Part.Reasoning _,
                    Part.ToolCall _,
                    Part.ToolResult _,
                    Part.CachePoint _ ->
                    null;
        };
    }

    private static ObjectNode file(Part.File file, ObjectNode node) {
        node.put("type", "input_file");
        put(node, "file_id", file.fileId());
        put(node, "file_url", file.url());
        put(node, "filename", file.filename());
        if (file.base64() != null) {
            if (file.filename() == null && !Form.has(file.extras(), Form.NO_FILENAME)) {
                node.put("filename", FILENAME);
            }
            node.put(
                    "file_data",
                    file.mediaType() == null
                            ? file.base64()
                            : dataUrl(file.mediaType(), file.base64()));
        }
        return Form.fill(node, Form.ofPart(file.extras()));
    }

    private static String address(Part.Image image) {
        String url = image.url();
        if (url != null) {
            return url;
        }
        String type = image.mediaType() == null ? "image/png" : image.mediaType();
        return dataUrl(type, image.base64() == null ? "" : image.base64());
    }

    private static void put(ObjectNode node, String name, @Nullable String text) {
        if (text != null) {
            node.put(name, text);
        }
    }

    private static String dataUrl(String mediaType, String base64) {
        return "data:" + mediaType + ";base64," + base64;
    }

    /** A member that must be there for a caller, unless the supplier said it. */
    public static void complete(ObjectNode node, String name, JsonNode value) {
        if (!node.has(name)) {
            node.set(name, value);
        }
    }

    public static boolean has(Extras extras, String name) {
        return Residue.of(extras, DIALECT, name) != null;
    }
}
