package entrepot.market.ledger;

import entrepot.market.Receipt;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Append-only: a row is never changed nor deleted. */
public interface Ledger {

    /**
     * Appends a receipt. It is written by the next group commit; {@link #flush} waits for that. A
     * ledger that cannot be written never fails an answer that was delivered: it keeps the receipt
     * and tries again, and the health page says so. Appending the same receipt again does nothing.
     */
    void append(Receipt receipt);

    /** Waits until everything appended before is durable. */
    void flush() throws InterruptedException;

    /** A session's receipts, oldest first; at most 10,000. */
    List<Receipt> ofSession(String tenant, String sessionId);

    /** The tenant's newest receipts, newest first. */
    List<Receipt> latest(String tenant, int countMax);

    /**
     * A page of the tenant's receipts whose attempts began in a period, by that time and then by
     * id. Corrections are not among them.
     *
     * @param from included
     * @param to not included
     * @param afterId the last id of the page before; null for the first page
     * @param countMax at most 1,000
     * @throws IllegalArgumentException when the tenant has no receipt {@code afterId}
     */
    List<Receipt> between(
            String tenant, Instant from, Instant to, @Nullable String afterId, int countMax);

    /** Whether there is room for the receipts of more orders. */
    boolean keepsUp();

    /** How far behind writing is, and what else a person should know. */
    Status status();

    /** Recomputes every hash of every chain: finds a row that was changed, added or removed. */
    Verification verify();

    /**
     * For the health page.
     *
     * @param backlog receipts that are not durable yet
     * @param backlogMax over which the market takes no more orders
     * @param lost receipts that found no room even so; zero unless the market was not asked
     * @param failure why writing does not succeed at the moment; null when it does
     * @param unpriced how many receipts have no cost because no price is known, by {@code model at
     *     supplier}
     */
    record Status(
            long backlog,
            int backlogMax,
            long lost,
            @Nullable String failure,
            Map<String, Long> unpriced) {
        public Status {
            unpriced = Map.copyOf(unpriced);
        }
    }

    /**
     * @param rows that were looked at
     * @param flaw the first row that is not what was written, and why; null when all are
     */
    record Verification(long rows, @Nullable String flaw) {}
}
