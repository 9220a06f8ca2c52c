package entrepot.protocols;

/**
 * Reads a supplier's stream and pushes events. Whatever the wire does, the events keep the grammar
 * of {@link entrepot.conversation.Event}. One thread at a time.
 */
public interface StreamReader {

    /** Reads one frame; an empty one is a heartbeat. */
    void frame(Frame frame) throws InterruptedException;

    /** To be told when the supplier's stream is over, however it ended. */
    void end() throws InterruptedException;

    /** Whether nothing more is to be expected: waiting for the connection to close is no use. */
    boolean done();
}
