package entrepot.market.budgets.limits;

/** What a limit counts. */
public enum Measure {
    /** Attempts that reached a supplier. */
    REQUESTS,
    /** Tokens, in and out. */
    TOKENS,
    /** Attempts under way at one moment. */
    CONCURRENCY,
    /** Money of one currency. */
    MONEY
}
