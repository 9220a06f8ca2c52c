package entrepot.conversation;

/** Carries a {@link Failure} up the stack to whoever renders it in the caller's dialect. */
public final class Failed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public Failed(Failure failure) {
        super(failure.cause() + ": " + failure.message());
        this.failure = failure;
    }

    public Failed(Failure failure, Throwable reason) {
        super(failure.cause() + ": " + failure.message(), reason);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
