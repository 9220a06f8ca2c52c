package entrepot.runtime.replay;

/** The rerun came to something else than was recorded. */
final class Differs extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String expected;

    Differs(String expected) {
        super(expected, null, false, false);
        this.expected = expected;
    }

    String expected() {
        return expected;
    }
}
