package entrepot.protocols.mcp;

import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a request of the modern revision says of its sender, in {@code params._meta}. */
public final class McpMeta {

    public static final String VERSION = "io.modelcontextprotocol/protocolVersion";
    public static final String CLIENT = "io.modelcontextprotocol/clientInfo";
    public static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
    public static final String LOG_LEVEL = "io.modelcontextprotocol/logLevel";
    public static final String SERVER = "io.modelcontextprotocol/serverInfo";

    private McpMeta() {}

    /** Who a peer says it is. */
    public static ObjectNode implementation(String name, String title, String version) {
        return Json.object().put("name", name).put("title", title).put("version", version);
    }

    /** The {@code _meta} of a request; empty when there is none. */
    public static ObjectNode of(JsonNode params) {
        return params.get("_meta") instanceof ObjectNode meta ? meta : Json.object();
    }

    /** The {@code _meta} of a request, made if need be. */
    public static ObjectNode in(ObjectNode params) {
        return params.get("_meta") instanceof ObjectNode meta ? meta : params.putObject("_meta");
    }
}
