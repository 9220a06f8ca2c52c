package entrepot.market.ledger.books;

/** What a row of the ledger is. Only an attempt counts as a request and has usage. */
public enum Kind {
    ATTEMPT,
    /** Takes back what a row said of money. */
    REVERSAL,
    /** Says it anew; follows a reversal. */
    RERATED,
    /** The first price of an attempt whose price was not known. */
    PRICED
}
