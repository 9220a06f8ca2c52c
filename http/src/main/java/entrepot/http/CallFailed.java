package entrepot.http;

/** A call that brought no answer, or an answer that broke off. */
public final class CallFailed extends Exception {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public CallFailed(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** What went wrong, as far as a caller may decide by it. */
    public enum Reason {
        /** Nobody listens, the name is unknown, or TLS failed: nothing was accepted. */
        NOT_CONNECTED,
        CONNECT_TIMEOUT,
        FIRST_BYTE_TIMEOUT,
        IDLE_TIMEOUT,
        TOTAL_TIMEOUT,
        /** The connection broke after the request may have been accepted. */
        BROKEN,
        TOO_LARGE,
        /** The peer does not speak HTTP as it should. */
        MALFORMED
    }
}
