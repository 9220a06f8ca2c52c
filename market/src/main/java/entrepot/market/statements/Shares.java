package entrepot.market.statements;

import entrepot.market.ledger.rollups.Dimension;
import entrepot.market.ledger.rollups.Grain;
import entrepot.market.ledger.rollups.Rollups;
import entrepot.market.ledger.rollups.UsageQuery;
import entrepot.market.ledger.rollups.UsageRow;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What part of the revenue of its currency each row has, and will have by its trend. */
final class Shares {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final Map<Key, BigDecimal> now = new HashMap<>();
    private final Map<Key, BigDecimal> end = new HashMap<>();

    private record Key(Map<Dimension, String> values, String currency) {}

    private Shares() {}

    /**
     * @param rows of the period up to {@code until}, told apart by the same dimensions
     */
    static Shares of(
            Rollups rollups,
            UsageQuery period,
            Set<Dimension> by,
            Instant until,
            List<UsageRow> rows) {
        var shares = new Shares();
        rows.forEach(row -> shares.now.merge(key(row), row.sums().charge(), BigDecimal::add));
        Instant today = until.truncatedTo(ChronoUnit.DAYS);
        Instant back = today.minus(Duration.ofDays(BurnDown.TREND_DAYS));
        Instant first = later(back, period.from().plus(Duration.ofHours(23)));
        first = first.truncatedTo(ChronoUnit.DAYS);
        int days = (int) Math.max(0, Duration.between(first, today).toDays());
        if (days < 2) {
            return shares;
        }
        var query = new UsageQuery(period.tenant(), first, today, by, Grain.DAY, period.where());
        List<UsageRow> each;
        try {
            each = rollups.usage(query);
        } catch (Rollups.TooMany tooMany) {
            return shares; // so many that a forecast of each says little
        }
        var daily = new HashMap<Key, List<BigDecimal>>();
        for (UsageRow row : each) {
            Instant bucket = row.bucket();
            if (bucket != null) {
                int day = (int) Duration.between(first, bucket).toDays();
                List<BigDecimal> line =
                        daily.computeIfAbsent(
                                key(row),
                                key -> new ArrayList<>(Collections.nCopies(days, BigDecimal.ZERO)));
                line.set(day, line.get(day).add(row.sums().charge()));
            }
        }
        shares.now.forEach((key, sum) -> {
            List<BigDecimal> line = daily.get(key);
            BigDecimal more =
                    line == null || !until.isBefore(period.to())
                            ? BigDecimal.ZERO
                            : BurnDown.ahead(line, until, period.to());
            shares.end.put(key, sum.add(more));
        });
        return shares;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Key key(UsageRow row) {
        return new Key(row.values(), row.chargeCurrency());
    }

    /** In percent; null when there is no revenue. */
    @Nullable String now(UsageRow row) {
        return share(now, key(row));
    }

    /** In percent by the period's end; null when fewer than two whole days are known. */
    @Nullable String ahead(UsageRow row) {
        return share(end, key(row));
    }

    private static @Nullable String share(Map<Key, BigDecimal> sums, Key key) {
        BigDecimal own = sums.get(key);
        BigDecimal all = BigDecimal.ZERO;
        for (Map.Entry<Key, BigDecimal> each : sums.entrySet()) {
            if (each.getKey().currency().equals(key.currency())) {
                all = all.add(each.getValue());
            }
        }
        return own == null || all.signum() == 0
                ? null
                : own.multiply(HUNDRED).divide(all, 2, RoundingMode.HALF_EVEN).toPlainString();
    }
}
