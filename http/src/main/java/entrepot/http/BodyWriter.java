package entrepot.http;

/** A body in pieces. Closing ends it well; {@link #abort} breaks it so that the client can tell. */
public interface BodyWriter extends AutoCloseable {

    /**
     * Sends a piece at once; blocks while the client reads too slowly.
     *
     * @throws InterruptedException when the client has left
     */
    void write(byte[] bytes) throws InterruptedException;

    /** Ends the body without the mark of a good end. */
    void abort();

    @Override
    void close();
}
