package entrepot.protocols.mcp;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What tools return, as parts of a conversation and back. */
public final class McpContent {

    private McpContent() {}

    /**
     * The content of a {@code CallToolResult}, for a model. Text and images are what they are; of
     * what a model cannot take it is told what it is and where. Structured content is shown when
     * there is no text, which by the specification says the same.
     */
    public static List<Part> parts(JsonNode result) {
        List<Part> parts = new ArrayList<>();
        for (JsonNode block : result.path("content")) {
            parts.add(part(block));
        }
        JsonNode structured = result.get("structuredContent");
        if (structured != null && parts.stream().noneMatch(Part.Text.class::isInstance)) {
            parts.add(text(new String(Json.write(structured), StandardCharsets.UTF_8)));
        }
        return parts;
    }

    private static Part part(JsonNode block) {
        String type = block.path("type").asString("");
        return switch (type) {
            case "text" -> text(block.path("text").asString(""));
            case "image" ->
                    new Part.Image(
                            null,
                            block.path("data").asString(""),
                            block.path("mimeType").asString("image/png"),
                            null,
                            Extras.NONE);
            case "audio" -> text("[audio, " + block.path("mimeType").asString("") + "]");
            case "resource_link" -> text(link(block));
            case "resource" -> resource(block.path("resource"));
            default -> text("[content of type " + type + ", which is not understood here]");
        };
    }

    private static String link(JsonNode block) {
        String name = block.path("name").asString("");
        String description = block.path("description").asString("");
        return "[resource "
                + (name.isEmpty() ? "" : name + ": ")
                + block.path("uri").asString("")
                + (description.isEmpty() ? "" : ", " + description)
                + "]";
    }

    private static Part resource(JsonNode resource) {
        String uri = resource.path("uri").asString("");
        String mimeType = resource.path("mimeType").asString("");
        if (resource.has("text")) {
            return text("[resource " + uri + "]\n" + resource.path("text").asString(""));
        }
        String blob = resource.path("blob").asString("");
        if (mimeType.startsWith("image/")) {
            return new Part.Image(null, blob, mimeType, null, Extras.NONE);
        }
        return text(
                "[resource " + uri + ", " + mimeType + ", " + blob.length() * 3L / 4 + " bytes]");
    }

    private static Part text(String text) {
        return new Part.Text(text, Extras.NONE);
    }

    /** A {@code CallToolResult} of one text. */
    public static ObjectNode result(String text, boolean isError) {
        ObjectNode result = Json.object();
        ArrayNode content = result.putArray("content");
        content.addObject().put("type", "text").put("text", text);
        return result.put("isError", isError);
    }
}
