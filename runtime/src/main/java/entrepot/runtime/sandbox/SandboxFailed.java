package entrepot.runtime.sandbox;

/** A command was not run, or nobody can say how it ended; the message says why. */
public final class SandboxFailed extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean begun;

    SandboxFailed(String message, boolean begun) {
        super(message);
        this.begun = begun;
    }

    /** Whether it may have taken effect. */
    public boolean begun() {
        return begun;
    }
}
