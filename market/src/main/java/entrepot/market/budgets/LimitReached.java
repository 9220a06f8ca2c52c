package entrepot.market.budgets;

/** A claim that a limit refuses; nothing is held. */
public final class LimitReached extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    LimitReached(Refusal refusal) {
        super(refusal.message(), null, false, false);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
