package entrepot.runtime.tools.mcp;

import entrepot.protocols.mcp.McpError;

/** A server has answered that it will not do what it was asked. */
final class McpRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient McpError error;

    McpRefused(McpError error) {
        super(error.message());
        this.error = error;
    }

    McpError error() {
        return error;
    }

    @Override
    public String getMessage() {
        return error.message();
    }
}
