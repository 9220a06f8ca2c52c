package entrepot.protocols.mcp;

import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tool as a server lists it.
 *
 * @param inputSchema JSON Schema of its arguments
 * @param readOnly whether the server says it changes nothing
 * @param idempotent whether the server says that the same arguments again change nothing more
 * @param headers which arguments are repeated in headers
 */
public record McpTool(
        String name,
        @Nullable String description,
        ObjectNode inputSchema,
        boolean readOnly,
        boolean idempotent,
        ParamHeaders headers) {

    private static final int NAME_CHARS_MAX = 128;

    /**
     * Reads a tool of a list.
     *
     * @throws ParamHeaders.Malformed when it cannot be used, with the reason
     */
    public static McpTool read(JsonNode tool) throws ParamHeaders.Malformed {
        JsonNode annotations = tool.path("annotations");
        ObjectNode schema =
                tool.get("inputSchema") instanceof ObjectNode given
                        ? given
                        : Json.object().put("type", "object");
        String description = tool.path("description").asString("");
        return new McpTool(
                tool.path("name").asString(""),
                description.isEmpty() ? null : description,
                schema,
                annotations.path("readOnlyHint").asBoolean(false),
                annotations.path("idempotentHint").asBoolean(false),
                ParamHeaders.of(schema));
    }

    /** Whether its name is one that can be called. */
    public boolean isNamed() {
        return !name.isEmpty() && name.length() <= NAME_CHARS_MAX;
    }
}
