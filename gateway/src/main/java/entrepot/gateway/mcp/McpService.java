package entrepot.gateway.mcp;

import entrepot.identity.Caller;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What an MCP server offers, whatever the revision it is asked in. */
public interface McpService {

    /** What a model is told of the whole. */
    String instructions();

    /** Tools as {@code tools/list} shows them. */
    ArrayNode tools(Caller caller);

    /**
     * Uses a tool. What goes wrong is said in the result.
     *
     * @return a {@code CallToolResult}
     * @throws Unknown when there is no such tool
     * @throws InterruptedException when the client has left
     */
    ObjectNode call(Use use) throws Unknown, InterruptedException;

    /**
     * @param key names the call, so that the same call again does nothing twice; empty for none
     * @param progress told from time to time while it goes on
     */
    record Use(Caller caller, String name, ObjectNode arguments, String key, Progress progress) {}

    /** Who wants to know how a call gets on. */
    @FunctionalInterface
    interface Progress {

        /**
         * @param message for people; empty for only a sign of life
         */
        void told(String message) throws InterruptedException;
    }

    /** There is no such tool. */
    final class Unknown extends Exception {
        private static final long serialVersionUID = 1L;

        public Unknown(String name) {
            super("Unknown tool: " + name);
        }
    }
}
