package entrepot.app.books;

/** A file or an option that a command can do nothing with; the message says why. */
public final class Unusable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public Unusable(String message) {
        super(message);
    }
}
