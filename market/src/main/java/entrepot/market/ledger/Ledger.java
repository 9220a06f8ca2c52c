package entrepot.market.ledger;

import entrepot.market.Receipt;

import java.util.List;

/** Append-only: a row is never changed nor deleted. */
public interface Ledger {

    /**
     * Appends a receipt. It is written by the next group commit; {@link #flush} waits for that. A
     * ledger that cannot be written never fails an answer that was delivered: it keeps the receipt
     * and tries again, and the health page says so.
     */
    void append(Receipt receipt);

    /** Waits until everything appended before is durable. */
    void flush() throws InterruptedException;

    /** A session's receipts, oldest first. */
    List<Receipt> ofSession(String tenant, String sessionId);

    /** The tenant's newest receipts, newest first. */
    List<Receipt> latest(String tenant, int countMax);
}
