package entrepot.protocols.mcp;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * What a peer answers instead of a result.
 *
 * @param data what it says beside; null for nothing
 */
public record McpError(int code, String message, @Nullable JsonNode data) {

    public static final int PARSE = -32700;
    public static final int INVALID_REQUEST = -32600;
    public static final int METHOD_NOT_FOUND = -32601;
    public static final int INVALID_PARAMS = -32602;
    public static final int INTERNAL = -32603;
    public static final int HEADER_MISMATCH = -32020;
    public static final int MISSING_CAPABILITY = -32021;
    public static final int UNSUPPORTED_VERSION = -32022;

    public static McpError of(int code, String message) {
        return new McpError(code, message, null);
    }

    /** Whether only a server of the modern revision says this. */
    public boolean isModern() {
        return code == HEADER_MISMATCH || code == MISSING_CAPABILITY || code == UNSUPPORTED_VERSION;
    }
}
