package entrepot.runtime.tools;

/** A tool server does not say what it offers. The message tells the user why, without secrets. */
public final class ToolServerUnavailable extends Exception {

    private static final long serialVersionUID = 1L;

    public ToolServerUnavailable(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
