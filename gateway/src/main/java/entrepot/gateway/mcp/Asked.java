package entrepot.gateway.mcp;

import entrepot.gateway.door.Call;
import entrepot.protocols.json.Json;
import entrepot.protocols.mcp.HeaderText;
import entrepot.protocols.mcp.McpError;
import entrepot.protocols.mcp.McpMessage;
import entrepot.protocols.mcp.McpMeta;
import entrepot.protocols.mcp.McpVersions;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/**
 * A request, and the revision it is asked in. In the modern one its headers repeat what stands in
 * the body, and both must say the same.
 *
 * @param version that it is asked in
 */
record Asked(McpMessage.Request request, String version) {

    /** A request that is refused: how, and with which status. */
    static final class Refused extends Exception {

        private static final long serialVersionUID = 1L;

        private final int status;
        private final transient McpError error;

        Refused(int status, McpError error) {
            super(error.message());
            this.status = status;
            this.error = error;
        }

        int status() {
            return status;
        }

        McpError error() {
            return error;
        }
    }

    boolean isModern() {
        return version.equals(McpVersions.MODERN);
    }

    static Asked of(McpMessage.Request request, Call call) throws Refused {
        String header = call.header("mcp-protocol-version");
        JsonNode stated = McpMeta.of(request.params()).path(McpMeta.VERSION);
        boolean modern = stated.isString() || McpVersions.MODERN.equals(header);
        if (!modern) {
            return new Asked(request, legacy(header));
        }
        checkVersion(header, stated);
        checkHeaders(request, call);
        checkMeta(request);
        return new Asked(request, McpVersions.MODERN);
    }

    private static String legacy(@Nullable String header) throws Refused {
        if (header == null) {
            return McpVersions.LEGACIES.getLast();
        }
        if (!McpVersions.LEGACIES.contains(header)) {
            throw unsupported(header);
        }
        return header;
    }

    private static Refused unsupported(String requested) {
        ObjectNode data = Json.object();
        McpVersions.ALL.forEach(data.putArray("supported")::add);
        data.put("requested", requested);
        return new Refused(
                400,
                new McpError(McpError.UNSUPPORTED_VERSION, "Unsupported protocol version", data));
    }

    private static void checkVersion(@Nullable String header, JsonNode stated) throws Refused {
        if (header == null) {
            throw mismatch("the header MCP-Protocol-Version is missing");
        }
        if (!stated.isString()) {
            throw new Refused(
                    400,
                    McpError.of(
                            McpError.INVALID_PARAMS,
                            "params._meta must have \"" + McpMeta.VERSION + "\"."));
        }
        if (!header.equals(stated.stringValue())) {
            throw mismatch(
                    "MCP-Protocol-Version says '"
                            + header
                            + "', the body '"
                            + stated.stringValue()
                            + "'");
        }
        if (!header.equals(McpVersions.MODERN)) {
            throw unsupported(header);
        }
    }

    private static void checkHeaders(McpMessage.Request request, Call call) throws Refused {
        String method = call.header("mcp-method");
        if (method == null || !method.equals(request.method())) {
            throw mismatch(
                    method == null
                            ? "the header Mcp-Method is missing"
                            : "Mcp-Method says '"
                                    + method
                                    + "', the body '"
                                    + request.method()
                                    + "'");
        }
        JsonNode named =
                switch (request.method()) {
                    case "tools/call", "prompts/get" -> request.params().path("name");
                    case "resources/read" -> request.params().path("uri");
                    default -> null;
                };
        if (named == null) {
            return;
        }
        String header = call.header("mcp-name");
        Optional<String> said = header == null ? Optional.empty() : HeaderText.decode(header);
        if (said.isEmpty() || !said.get().equals(named.asString(""))) {
            throw mismatch(
                    header == null
                            ? "the header Mcp-Name is missing"
                            : "Mcp-Name does not say what the body says");
        }
    }

    private static Refused mismatch(String what) {
        return new Refused(
                400, McpError.of(McpError.HEADER_MISMATCH, "Header mismatch: " + what + "."));
    }

    private static void checkMeta(McpMessage.Request request) throws Refused {
        if (!McpMeta.of(request.params()).path(McpMeta.CAPABILITIES).isObject()) {
            throw new Refused(
                    400,
                    McpError.of(
                            McpError.INVALID_PARAMS,
                            "params._meta must have \"" + McpMeta.CAPABILITIES + "\"."));
        }
    }
}
