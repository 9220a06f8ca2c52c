package entrepot.market.ledger.rollups;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;

/**
 * One sum.
 *
 * @param bucket begin of its hour, day or month; null for all the time asked for
 * @param values of the dimensions it was told apart by
 * @param costCurrency empty where nothing has a cost
 * @param chargeCurrency empty where nothing was charged
 */
public record UsageRow(
        @Nullable Instant bucket,
        Map<Dimension, String> values,
        String costCurrency,
        String chargeCurrency,
        Sums sums) {

    /** The dimension's value; empty when rows were not told apart by it. */
    public String of(Dimension dimension) {
        return values.getOrDefault(dimension, "");
    }
}
