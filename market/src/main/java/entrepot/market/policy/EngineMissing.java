package entrepot.market.policy;

/** There are policies, and no engine to decide by them. */
final class EngineMissing extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    EngineMissing(String message, Throwable cause) {
        super(message, cause);
    }
}
