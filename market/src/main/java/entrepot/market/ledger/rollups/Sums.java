package entrepot.market.ledger.rollups;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** What a bucket adds up to. Not safe for several threads. */
public final class Sums {

    private final Map<Meter, Long> meters = new EnumMap<>(Meter.class);
    private long requests;
    private long unpriced;
    private long estimated;
    private BigDecimal cost = BigDecimal.ZERO;
    private BigDecimal charge = BigDecimal.ZERO;

    /** Counts one row. */
    void count(long morePriced, boolean attempt, Usage usage) {
        unpriced += morePriced;
        if (attempt) {
            requests++;
            estimated += usage.estimated() ? 1 : 0;
            usage.meters().forEach(this::meter);
        }
    }

    void money(@Nullable BigDecimal moreCost, @Nullable BigDecimal moreCharge) {
        cost = moreCost == null ? cost : cost.add(moreCost);
        charge = moreCharge == null ? charge : charge.add(moreCharge);
    }

    void counts(long moreRequests, long moreUnpriced, long moreEstimated) {
        requests += moreRequests;
        unpriced += moreUnpriced;
        estimated += moreEstimated;
    }

    void meter(Meter meter, long more) {
        if (more != 0) {
            meters.merge(meter, more, Long::sum);
        }
    }

    /** Adds another bucket to this one. */
    public Sums add(Sums more) {
        more.meters.forEach(this::meter);
        counts(more.requests, more.unpriced, more.estimated);
        money(more.cost, more.charge);
        return this;
    }

    Sums copy() {
        return new Sums().add(this);
    }

    /** Attempts, whichever way they ended. */
    public long requests() {
        return requests;
    }

    /** Attempts that used something whose price is not known: their cost is not in the sum. */
    public long unpriced() {
        return unpriced;
    }

    /** Attempts whose usage we counted because the supplier did not say. */
    public long estimated() {
        return estimated;
    }

    public long of(Meter meter) {
        return meters.getOrDefault(meter, 0L);
    }

    /** The meters that are not zero. */
    public Map<Meter, Long> meters() {
        return Collections.unmodifiableMap(meters);
    }

    /** Without zeros at its end. */
    public BigDecimal cost() {
        return cost.signum() == 0 ? BigDecimal.ZERO : cost.stripTrailingZeros();
    }

    /** Without zeros at its end. */
    public BigDecimal charge() {
        return charge.signum() == 0 ? BigDecimal.ZERO : charge.stripTrailingZeros();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Sums sums
                && meters.equals(sums.meters)
                && requests == sums.requests
                && unpriced == sums.unpriced
                && estimated == sums.estimated
                && cost.compareTo(sums.cost) == 0
                && charge.compareTo(sums.charge) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(meters, requests);
    }

    /** Such as {@code 3 requests, {OUTPUT=12}, cost 0.5, charge 0.6}. */
    @Override
    public String toString() {
        return requests
                + " requests ("
                + unpriced
                + " without a price, "
                + estimated
                + " estimated), "
                + meters()
                + ", cost "
                + cost.stripTrailingZeros().toPlainString()
                + ", charge "
                + charge.stripTrailingZeros().toPlainString();
    }
}
