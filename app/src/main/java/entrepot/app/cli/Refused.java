package entrepot.app.cli;

/** A command that cannot be carried out; the message says why and what would help. */
final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Refused(String message) {
        super(message);
    }
}
