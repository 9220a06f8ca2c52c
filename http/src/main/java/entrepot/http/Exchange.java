package entrepot.http;

/**
 * One request of a client and the way back to it. The whole body has been read, within limits,
 * before the handler starts. Exactly one of {@code respond}, {@code open}, {@code relay} and {@code
 * webSocket} is called, once.
 */
public interface Exchange {

    /** Upper case, such as {@code POST}. */
    String method();

    /** As sent: still percent-encoded, never normalised, without the query. */
    String path();

    /** As sent, without the question mark; empty when there is none. */
    String query();

    Headers headers();

    byte[] body();

    /** The peer's address, without port. */
    String remote();

    /** Whether the request asks for a WebSocket. */
    boolean wantsWebSocket();

    /** Whether the client has left. */
    boolean gone();

    /**
     * Whether the server is stopping and waits for open exchanges: an answer without an end of its
     * own should end at the next good place.
     */
    boolean ending();

    /** Answers with a whole body. */
    void respond(int status, Headers headers, byte[] body);

    /**
     * Answers with a body that comes in pieces.
     *
     * @return where to write; a write blocks while the client reads too slowly
     */
    BodyWriter open(int status, Headers headers);

    /**
     * Answers by passing on an upstream's body as it comes, on the event loop; blocks until it is
     * over. A client that leaves resets the upstream; a broken upstream breaks the answer.
     *
     * @param filter sees each chunk on the event loop: it must not block
     */
    End relay(Incoming upstream, int status, Headers headers, Filter filter)
            throws InterruptedException;

    /** Accepts the upgrade to a WebSocket. */
    WebSocket webSocket() throws InterruptedException;

    /** How a relay ended. */
    enum End {
        COMPLETE,
        CLIENT_LEFT,
        UPSTREAM_BROKE,
        /** One of the upstream's clocks ran out. */
        TIMED_OUT
    }

    /** Sees chunks go by, and may hold some back. */
    interface Filter {

        /** What to send for this chunk: usually the same array; empty to send nothing yet. */
        byte[] chunk(byte[] bytes);

        /** What to send after the upstream's good end; usually empty. */
        byte[] end();

        /**
         * What to send when the upstream has broken off or fallen silent, in the words of the
         * body's own format; usually empty. The answer is broken off behind it all the same.
         */
        default byte[] broken(End how) {
            return new byte[0];
        }
    }
}
