package entrepot.market.ledger.rollups;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * Which usage, and by what it is told apart.
 *
 * @param from first moment, cut to the hour
 * @param to first moment no longer wanted, cut to the hour
 * @param by in which dimensions rows are told apart
 * @param every a row for each hour, day or month; null for one for all the time
 * @param where only rows whose dimension is one of these
 */
public record UsageQuery(
        String tenant,
        Instant from,
        Instant to,
        Set<Dimension> by,
        @Nullable Grain every,
        Map<Dimension, Set<String>> where) {

    private static final int VALUES_MAX = 500;

    public UsageQuery {
        by = Set.copyOf(by);
        where = Map.copyOf(where);
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("to is before from: " + from + ", " + to);
        }
        for (Map.Entry<Dimension, Set<String>> each : where.entrySet()) {
            if (each.getValue().size() > VALUES_MAX) {
                throw new IllegalArgumentException(
                        each.getKey().word() + " has more than " + VALUES_MAX + " values");
            }
        }
    }

    /** All of a tenant's usage, as one sum per currency. */
    public static UsageQuery all(String tenant, Instant from, Instant to) {
        return new UsageQuery(tenant, from, to, Set.of(), null, Map.of());
    }

    public UsageQuery by(Dimension... dimensions) {
        return new UsageQuery(tenant, from, to, Set.of(dimensions), every, where);
    }

    public UsageQuery every(Grain grain) {
        return new UsageQuery(tenant, from, to, by, grain, where);
    }

    public UsageQuery where(Map<Dimension, Set<String>> only) {
        return new UsageQuery(tenant, from, to, by, every, only);
    }
}
