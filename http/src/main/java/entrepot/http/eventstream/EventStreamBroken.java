package entrepot.http.eventstream;

/** The stream cannot be read on from here; nothing after the last whole message can be trusted. */
public final class EventStreamBroken extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** In which way. */
    public enum Reason {
        /** The lengths of a message do not have the checksum sent with them. */
        PRELUDE_CHECKSUM,
        /** A message does not have the checksum sent with it. */
        MESSAGE_CHECKSUM,
        /** The lengths of a message contradict each other. */
        LENGTHS,
        /** A message is over a limit. */
        TOO_LARGE,
        /** A header cannot be read. */
        HEADER,
        /** The stream ended within a message. */
        TRUNCATED
    }

    private final Reason reason;

    EventStreamBroken(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
