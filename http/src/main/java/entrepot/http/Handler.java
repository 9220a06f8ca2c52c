package entrepot.http;

/** Answers exchanges. Runs on a virtual thread of its own: it may wait, and may be interrupted. */
@FunctionalInterface
public interface Handler {

    /**
     * @throws InterruptedException when the client has left; nothing more needs to be said then
     */
    void handle(Exchange exchange) throws InterruptedException;

    /**
     * Whether answering this may hold up the thread that carries the handler's: by files, database
     * drivers or long computing, where waiting for locks, for other calls and for the client does
     * not. What holds nothing up is carried by the connection's own event loop, which is cheaper.
     * Asked on that loop: it must not block.
     */
    default boolean mayBlock(String method, String path) {
        return true;
    }
}
