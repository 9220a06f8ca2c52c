package entrepot.runtime.driver;

/** Somebody else owns the session now: whoever meets this must stop at once. */
final class Fenced extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Fenced() {
        super("fenced", null, false, false);
    }
}
