package entrepot.runtime.tools.mcp;

import entrepot.protocols.mcp.HeaderText;
import entrepot.protocols.mcp.McpMeta;
import entrepot.protocols.mcp.McpVersions;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.Map;

/**
 * How one server is spoken to.
 *
 * @param version the revision of the protocol
 * @param id that the server has given; null for none, as in the modern revision
 */
record McpSession(String version, @Nullable String id) {

    private static final ObjectNode CLIENT =
            McpMeta.implementation("entrepot", "Entrepot", "0.1.0");

    static final McpSession MODERN = new McpSession(McpVersions.MODERN, null);

    static ObjectNode client() {
        return CLIENT.deepCopy();
    }

    boolean isModern() {
        return version.equals(McpVersions.MODERN);
    }

    /** The headers of a message. */
    Map<String, String> headers(String method, @Nullable String name) {
        Map<String, String> headers = new HashMap<>();
        headers.put("mcp-protocol-version", version);
        if (id != null) {
            headers.put("mcp-session-id", id);
        }
        if (isModern()) {
            headers.put("mcp-method", method);
            if (name != null) {
                headers.put("mcp-name", HeaderText.encode(name));
            }
        }
        return headers;
    }

    /** Says in a request's parameters who asks and what it can do. */
    void sign(ObjectNode params, ObjectNode capabilities) {
        if (isModern()) {
            ObjectNode meta = McpMeta.in(params);
            meta.put(McpMeta.VERSION, version);
            meta.set(McpMeta.CLIENT, client());
            meta.set(McpMeta.CAPABILITIES, capabilities);
        }
    }
}
