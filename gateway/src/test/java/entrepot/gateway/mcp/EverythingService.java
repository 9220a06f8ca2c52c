package entrepot.gateway.mcp;

import entrepot.identity.Caller;
import entrepot.protocols.json.Json;
import entrepot.protocols.mcp.McpContent;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** The tools that the conformance suite looks for in a server. */
final class EverythingService implements McpService {

    private static final String PIXEL =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
                    + "WjR9awAAAABJRU5ErkJggg==";
    private static final String SILENCE =
            "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";

    @Override
    public String instructions() {
        return "Tools for the conformance suite.";
    }

    @Override
    public ArrayNode tools(Caller caller) {
        ArrayNode tools = Json.object().arrayNode();
        for (String name :
                List.of(
                        "test_simple_text",
                        "test_image_content",
                        "test_audio_content",
                        "test_embedded_resource",
                        "test_multiple_content_types",
                        "test_error_handling",
                        "test_tool_with_progress")) {
            ObjectNode tool = tools.addObject().put("name", name).put("description", name);
            tool.putObject("inputSchema").put("type", "object");
        }
        return tools;
    }

    @Override
    public ObjectNode call(Use use) throws Unknown, InterruptedException {
        return switch (use.name()) {
            case "test_simple_text" ->
                    McpContent.result("This is a simple text response for testing.", false);
            case "test_image_content" -> blocks(image());
            case "test_audio_content" ->
                    blocks(
                            Json.object()
                                    .put("type", "audio")
                                    .put("data", SILENCE)
                                    .put("mimeType", "audio/wav"));
            case "test_embedded_resource" -> blocks(resource());
            case "test_multiple_content_types" ->
                    blocks(
                            Json.object().put("type", "text").put("text", "Multiple content types"),
                            image(),
                            resource());
            case "test_error_handling" ->
                    McpContent.result("This tool intentionally returns an error", true);
            case "test_tool_with_progress" -> {
                use.progress().told("begun");
                use.progress().told("half of it");
                use.progress().told("all of it");
                yield McpContent.result("done", false);
            }
            default -> throw new Unknown(use.name());
        };
    }

    private static ObjectNode image() {
        return Json.object().put("type", "image").put("data", PIXEL).put("mimeType", "image/png");
    }

    private static ObjectNode resource() {
        ObjectNode block = Json.object().put("type", "resource");
        block.putObject("resource")
                .put("uri", "test://embedded-resource")
                .put("mimeType", "text/plain")
                .put("text", "This is an embedded resource content.");
        return block;
    }

    private static ObjectNode blocks(ObjectNode... blocks) {
        ObjectNode result = Json.object();
        ArrayNode content = result.putArray("content");
        for (ObjectNode block : blocks) {
            content.add(block);
        }
        return result;
    }
}
