package entrepot.conversation;

import org.jspecify.annotations.Nullable;

/** Carries a {@link Failure} up the stack to whoever renders it in the caller's dialect. */
public final class Failed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;
    private final boolean maybeDone;

    public Failed(Failure failure) {
        this(failure, null, false);
    }

    public Failed(Failure failure, Throwable reason) {
        this(failure, reason, false);
    }

    private Failed(Failure failure, @Nullable Throwable reason, boolean maybeDone) {
        super(failure.cause() + ": " + failure.message(), reason);
        this.failure = failure;
        this.maybeDone = maybeDone;
    }

    /** The same, known to have come after a supplier may have begun to work. */
    public Failed afterWork() {
        return maybeDone ? this : new Failed(failure, this, true);
    }

    /**
     * Whether a supplier may have done the work all the same, so that the same call again may be
     * paid for twice.
     */
    public boolean maybeDone() {
        return maybeDone;
    }

    public Failure failure() {
        return failure;
    }
}
