package entrepot.runtime.tools.mcp;

/** A message that brought no answer. The message says why, without secrets. */
final class WireFailed extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean taken;

    /**
     * @param taken whether the server may have acted on what it was sent
     */
    WireFailed(boolean taken, String message) {
        super(message);
        this.taken = taken;
    }

    boolean taken() {
        return taken;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
