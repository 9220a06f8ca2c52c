package entrepot.runtime.tools;

/** A tool will not do what was asked; the message is for the model. */
final class ToolRefused extends Exception {

    private static final long serialVersionUID = 1L;

    ToolRefused(String message) {
        super(message);
    }
}
