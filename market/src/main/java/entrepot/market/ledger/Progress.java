package entrepot.market.ledger;

/** Told from time to time how far a long walk over the ledger is. */
@FunctionalInterface
public interface Progress {

    Progress NONE = (rows, rowsAll) -> {};

    /**
     * @param rows looked at so far
     * @param rowsAll about how many there are
     */
    void at(long rows, long rowsAll);
}
