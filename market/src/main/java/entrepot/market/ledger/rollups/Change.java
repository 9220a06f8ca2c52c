package entrepot.market.ledger.rollups;

import entrepot.conversation.Usage;
import entrepot.market.Money;
import entrepot.market.Receipt;
import entrepot.market.ledger.books.Kind;
import entrepot.market.ledger.books.Posting;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What rows add to the sums; by hour, from which days and months follow. */
public final class Change {

    private final Map<RollupKey, Sums> hours = new HashMap<>();
    private final Map<BalanceKey, BigDecimal> balances = new HashMap<>();

    /**
     * Adds one row as it is stored.
     *
     * @param aboutMillis when the attempt ended that a correction is about; null for an attempt
     */
    public void add(
            Receipt receipt, Kind kind, @Nullable Long aboutMillis, List<Posting> postings) {
        Sums sums = hours.computeIfAbsent(RollupKey.ofHour(receipt, aboutMillis), _ -> new Sums());
        sums.count(unpriced(receipt, kind), kind == Kind.ATTEMPT, receipt.usage());
        sums.money(amount(receipt.cost()), amount(receipt.charge()));
        if (!postings.isEmpty()) {
            long month = Grain.MONTH.bucket(receipt.endedAt().toEpochMilli());
            for (Posting posting : postings) {
                balances.merge(
                        new BalanceKey(
                                receipt.tenant(),
                                month,
                                posting.account(),
                                posting.party(),
                                posting.amount().currency()),
                        posting.amount().amount(),
                        BigDecimal::add);
            }
        }
    }

    private static long unpriced(Receipt receipt, Kind kind) {
        Usage usage = receipt.usage();
        return switch (kind) {
            case ATTEMPT -> receipt.cost() == null && !usage.meters().isEmpty() ? 1 : 0;
            case PRICED -> -1;
            case REVERSAL, RERATED -> 0;
        };
    }

    private static @Nullable BigDecimal amount(@Nullable Money money) {
        return money == null ? null : money.amount();
    }

    /** Buckets that hold something, of all grains together. */
    public int size() {
        return hours.size() + balances.size();
    }

    Map<BalanceKey, BigDecimal> balances() {
        return balances;
    }

    /** The buckets of all grains. */
    Map<RollupKey, Sums> buckets() {
        var buckets = new HashMap<RollupKey, Sums>(4 * hours.size());
        hours.forEach((hour, sums) -> {
            for (Grain grain : Grain.values()) {
                RollupKey key = grain == Grain.HOUR ? hour : hour.in(grain);
                buckets.computeIfAbsent(key, _ -> new Sums()).add(sums);
            }
        });
        return buckets;
    }
}
