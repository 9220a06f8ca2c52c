package entrepot.app.client;

/** A server that refused, or could not be reached. The message is for people. */
public final class ApiFailed extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    public ApiFailed(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Of the answer; 0 when there was none. */
    public int status() {
        return status;
    }
}
