package entrepot.http;

/** Answers exchanges. Runs on a virtual thread of its own: it may block, and may be interrupted. */
@FunctionalInterface
public interface Handler {

    /**
     * @throws InterruptedException when the client has left; nothing more needs to be said then
     */
    void handle(Exchange exchange) throws InterruptedException;
}
