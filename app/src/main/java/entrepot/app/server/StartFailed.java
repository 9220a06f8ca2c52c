package entrepot.app.server;

/** A server that could not start; the message says what is in the way and what would mend it. */
public final class StartFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StartFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
