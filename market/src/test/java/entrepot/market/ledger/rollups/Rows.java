package entrepot.market.ledger.rollups;

import entrepot.conversation.Usage.Meter;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/** Sums as a query would give them. */
public final class Rows {

    private Rows() {}

    public static UsageRow of(
            String bucket,
            Map<Dimension, String> values,
            @Nullable String cost,
            @Nullable String charge) {
        return of(bucket, values, cost, charge, Map.of());
    }

    public static UsageRow of(
            String bucket,
            Map<Dimension, String> values,
            @Nullable String cost,
            @Nullable String charge,
            Map<Meter, Long> meters) {
        var sums = new Sums();
        sums.counts(1, cost == null && !meters.isEmpty() ? 1 : 0, 0);
        meters.forEach(sums::meter);
        sums.money(
                cost == null ? null : new BigDecimal(cost),
                charge == null ? null : new BigDecimal(charge));
        return new UsageRow(
                Instant.parse(bucket + (bucket.length() == 10 ? "T00:00:00Z" : "")),
                values,
                cost == null ? "" : "USD",
                charge == null ? "" : "USD",
                sums);
    }
}
