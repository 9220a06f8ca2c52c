package entrepot.market.idempotency;

/** What may be done with a keyed call. */
public sealed interface Claim {

    /**
     * Nobody has it: it is the claimer's to run.
     *
     * @param holder names this claim, and no other one
     */
    record Mine(KeyedCall call, String holder) implements Claim {}

    /** Somebody runs it. */
    record Busy() implements Claim {}

    /** It has been answered. */
    record Answered(KeptAnswer answer) implements Claim {}

    /**
     * It has been run, and there is no answer any more.
     *
     * @param reason a sentence that says why
     */
    record Spent(String reason) implements Claim {}

    /** The key has been used for another call. */
    record Taken() implements Claim {}
}
