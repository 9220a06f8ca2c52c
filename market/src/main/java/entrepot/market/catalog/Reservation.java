package entrepot.market.catalog;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Set;

/**
 * Units of throughput that are set aside at one account and paid for, used or not.
 *
 * @param models canonical ids or {@code vendor/*}; empty for all that are offered there
 * @param units how many; positive
 * @param unit what is counted, such as {@code PTU}
 * @param unitTokensPerMinute the throughput of one unit
 * @param requestsPerMinute that all of them take together; null for any number
 * @param outputWeight as how many tokens one that is written counts
 * @param cachedWeight as how many tokens one that is read from a cache counts
 */
public record Reservation(
        Set<String> models,
        BigDecimal units,
        String unit,
        long unitTokensPerMinute,
        @Nullable Long requestsPerMinute,
        BigDecimal outputWeight,
        BigDecimal cachedWeight) {

    public Reservation {
        models = Set.copyOf(models);
    }

    /** What all units take together. */
    public long tokensPerMinute() {
        return units.multiply(BigDecimal.valueOf(unitTokensPerMinute))
                .setScale(0, RoundingMode.DOWN)
                .longValueExact();
    }

    public boolean covers(String model) {
        return models.isEmpty()
                || models.contains(model)
                || models.contains(ModelNames.ofVendor(model));
    }

    /** The units in words, such as {@code 50 PTU}. */
    public String words() {
        return units.stripTrailingZeros().toPlainString() + " " + unit;
    }

    /** What becomes of an order when the units are full. */
    public enum Spill {
        /** It stays: nothing else is bought for want of room. */
        NEVER,
        /** It goes to the next rung of the ladder. */
        NEXT
    }
}
