package entrepot.gateway.agents;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Part;
import entrepot.conversation.Usage;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

import java.util.List;

/** Message content, tool output and token usage, as the Agents API writes them. */
public final class ContentJson {

    private ContentJson() {}

    /** What a user or an application sent: {@code input_text} and {@code input_image}. */
    public static ArrayNode input(List<Part> parts) {
        ArrayNode content = Json.object().arrayNode();
        for (Part part : parts) {
            switch (part) {
                case Part.Text text ->
                        content.addObject().put("type", "input_text").put("text", text.text());
                case Part.Image image ->
                        content.addObject()
                                .put("type", "input_image")
                                .put("image_url", address(image));
                case Part.Refusal _,
                        Part.File _,
                        Part.Audio _,
                        Part.CachePoint _,
                        Part.Reasoning _,
                        Part.ToolCall _,
                        Part.ToolResult _,
                        Part.Unknown _ ->
                        content.add(unshowable("input_text", part));
            }
        }
        return content;
    }

    /** What the model said: {@code output_text} only; a refusal is text here. */
    static ArrayNode output(List<Part> parts) {
        ArrayNode content = Json.object().arrayNode();
        for (Part part : parts) {
            switch (part) {
                case Part.Text text -> content.add(outputText(text.text()));
                case Part.Refusal refusal -> content.add(outputText(refusal.text()));
                case Part.Image _,
                        Part.File _,
                        Part.Audio _,
                        Part.CachePoint _,
                        Part.Reasoning _,
                        Part.ToolCall _,
                        Part.ToolResult _,
                        Part.Unknown _ ->
                        content.add(unshowable("output_text", part));
            }
        }
        return content;
    }

    /** A call's arguments: JSON as it should be, or the model's text as it is. */
    static JsonNode arguments(String text) {
        try {
            return Json.read(text, Failure.Cause.INVALID_REQUEST);
        } catch (Failed notJson) {
            return StringNode.valueOf(text);
        }
    }

    static ObjectNode outputText(String text) {
        return Json.object().put("type", "output_text").put("text", text);
    }

    static ObjectNode summaryText(String text) {
        return Json.object().put("type", "summary_text").put("text", text);
    }

    /** A function's result: null when empty, a string when it is one text, else an array. */
    static JsonNode functionOutput(List<Part> parts) {
        if (parts.isEmpty()) {
            return NullNode.instance;
        }
        if (parts.size() == 1 && parts.getFirst() instanceof Part.Text text) {
            return StringNode.valueOf(text.text());
        }
        return input(parts);
    }

    /** Null when nothing is known to have been used. */
    static JsonNode usage(Usage usage) {
        if (usage.meters().isEmpty()) {
            return NullNode.instance;
        }
        ObjectNode json = Json.object().put("input_tokens", usage.inputTokens());
        json.putObject("input_tokens_details")
                .put("cached_tokens", usage.of(Usage.Meter.CACHE_READ));
        json.put("output_tokens", usage.outputTokens());
        json.putObject("output_tokens_details")
                .put("reasoning_tokens", usage.of(Usage.Meter.REASONING));
        return json.put("total_tokens", usage.totalTokens());
    }

    private static String address(Part.Image image) {
        if (image.url() != null) {
            return image.url();
        }
        String type = image.mediaType() == null ? "application/octet-stream" : image.mediaType();
        return "data:" + type + ";base64," + image.base64();
    }

    /** The API's content has no word for it: say so rather than drop it. */
    private static ObjectNode unshowable(String type, Part part) {
        return Json.object()
                .put("type", type)
                .put("text", "[" + part.getClass().getSimpleName() + " not shown here]");
    }
}
