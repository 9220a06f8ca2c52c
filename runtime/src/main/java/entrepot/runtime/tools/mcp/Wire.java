package entrepot.runtime.tools.mcp;

import entrepot.protocols.mcp.McpMessage;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;

/** The way to one server. Used by many threads at once. */
interface Wire extends AutoCloseable {

    /**
     * What came back for a request.
     *
     * @param status of HTTP; 200 where there is none
     * @param answer null when there was no message in it
     * @param sessionId that the server has given; null for none
     */
    record Reply(int status, @Nullable McpMessage answer, @Nullable String sessionId) {}

    /** What to do with messages that come before the answer. */
    interface Listener {

        void told(McpMessage.Notification notification);

        /** What to answer a server that asks; empty for nothing. */
        Optional<McpMessage> asked(McpMessage.Request request);
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @param headers beside those that every message has; for naught where there are none
     */
    Reply ask(
            McpMessage.Request request,
            Map<String, String> headers,
            Listener listener,
            long millisMax)
            throws WireFailed, InterruptedException;

    /** Sends what is not answered. */
    void tell(McpMessage message, Map<String, String> headers, long millisMax)
            throws WireFailed, InterruptedException;

    /** Ends what the server keeps for us, if it is quickly done. */
    void end(Map<String, String> headers);

    @Override
    void close();
}
