package entrepot.market.hindsight;

import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.market.ledger.Ledger;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The orders of a period with the receipt that says what became of each. An order belongs to the
 * period in which its first attempt began; its later attempts may be after it.
 *
 * @param receipts one for each order, by the time of the first attempt
 * @param begunEarlier receipts of the period whose order belongs to the one before
 * @param next after which receipt the next page begins; null when this is the last
 */
record PastOrders(List<Receipt> receipts, int begunEarlier, @Nullable String next) {

    static final int PAGE_RECEIPTS_MAX = 1_000;

    /** How many receipts after the last order are looked at for later attempts of those taken. */
    private static final int AHEAD_RECEIPTS_MAX = 1_000;

    PastOrders {
        receipts = List.copyOf(receipts);
    }

    /**
     * @throws Hindsight.NoSuchPage when {@code after} names no receipt
     */
    static PastOrders read(Ledger ledger, Asked asked) {
        var reading = new Reading(asked);
        String after = asked.after();
        while (true) {
            List<Receipt> page = page(ledger, asked, after);
            for (Receipt receipt : page) {
                if (!reading.take(receipt)) {
                    return reading.done();
                }
            }
            if (page.size() < PAGE_RECEIPTS_MAX) {
                return reading.done();
            }
            after = page.getLast().id();
        }
    }

    /** Not only until the end of the period: its last orders may have later attempts. */
    private static List<Receipt> page(Ledger ledger, Asked asked, @Nullable String after) {
        try {
            return ledger.between(
                    asked.tenant(), asked.from(), Instant.MAX, after, PAGE_RECEIPTS_MAX);
        } catch (IllegalArgumentException e) {
            throw new Hindsight.NoSuchPage(after, e);
        }
    }

    private static final class Reading {

        private final Asked asked;
        private final Map<String, Receipt> last = new LinkedHashMap<>();
        private @Nullable String taken;
        private @Nullable String next;
        private boolean open = true;
        private int begunEarlier;
        private int ahead;

        private Reading(Asked asked) {
            this.asked = asked;
            this.taken = asked.after();
        }

        /** Returns whether to go on. */
        private boolean take(Receipt receipt) {
            Receipt known = last.get(receipt.orderId());
            if (known != null) {
                last.put(receipt.orderId(), later(known, receipt));
            } else if (open) {
                open(receipt);
            }
            if (open) {
                taken = receipt.id();
                return true;
            }
            ahead++;
            return ahead <= AHEAD_RECEIPTS_MAX;
        }

        private void open(Receipt receipt) {
            if (!receipt.startedAt().isBefore(asked.to())) {
                open = false;
            } else if (receipt.attempt() > 1) {
                begunEarlier++;
            } else if (last.size() == asked.ordersMax()) {
                open = false;
                next = taken;
            } else {
                last.put(receipt.orderId(), receipt);
            }
        }

        private PastOrders done() {
            return new PastOrders(List.copyOf(last.values()), begunEarlier, next);
        }

        /** The one that tells what became of the order: attempts may run side by side. */
        private static Receipt later(Receipt one, Receipt other) {
            if ((one.outcome() == Outcome.DELIVERED) != (other.outcome() == Outcome.DELIVERED)) {
                return one.outcome() == Outcome.DELIVERED ? one : other;
            }
            return other.attempt() >= one.attempt() ? other : one;
        }
    }
}
