package entrepot.market.budgets;

import entrepot.market.budgets.limits.Limit;
import entrepot.market.budgets.limits.Period;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;

/**
 * What this node has of one limit in one period. Its share, as the database knows it, is what is
 * free, held, booked and being written together. Guarded by its tenant's lock.
 */
final class Account {

    /** Shares are taken ahead only while this many holds of the usual size would still fit. */
    static final BigDecimal SCARCE_HOLDS = BigDecimal.valueOf(16);

    final Key key;
    final Period.Span span;

    /** As it was when the account was last used. */
    Limit limit;

    /** What new holds may be taken from. */
    BigDecimal free = BigDecimal.ZERO;

    BigDecimal held = BigDecimal.ZERO;

    /** Settled, and not on its way to the database. */
    BigDecimal booked = BigDecimal.ZERO;

    /** Settled, and in a batch whose outcome is not known yet. */
    BigDecimal writing = BigDecimal.ZERO;

    /** Raised when the share is lost: holds taken before are covered by nothing any more. */
    int epoch;

    /** What the last claim wanted: by that the share is sized. */
    BigDecimal usual = BigDecimal.ONE;

    /** Whether so little remains that every hold is decided in the database. */
    boolean scarce;

    /** Whether it was used since the last look. */
    boolean used;

    /** Whether it was not used between the last two looks. */
    boolean idle;

    /** Whether it waits for the clerk. */
    boolean queued;

    /** Whether the tenant has forgotten it, and would make a new one. */
    boolean forgotten;

    /** What was left when the database refused last; null when it has not, or more came back. */
    @Nullable BigDecimal refusedLeft;

    long refusedUntilNanos;

    Account(Limit limit, Period.Span span) {
        this.key = new Key(limit.tenant(), limit.id(), span.startMillis());
        this.limit = limit;
        this.span = span;
    }

    /** Sorts as rows are locked. */
    record Key(String tenant, String limitId, long startMillis) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int order = tenant.compareTo(other.tenant);
            order = order != 0 ? order : limitId.compareTo(other.limitId);
            return order != 0 ? order : Long.compare(startMillis, other.startMillis);
        }
    }

    void take(BigDecimal amount) {
        free = free.subtract(amount);
        held = held.add(amount);
        usual = amount;
        used = true;
        idle = false;
    }

    /** Notes at each look whether anybody uses it. */
    void look() {
        idle = !used;
        used = false;
    }

    /**
     * Puts what was used in the place of what was held.
     *
     * @return whether the database should hear of it
     */
    boolean settle(BigDecimal amount, int takenIn, BigDecimal actual) {
        booked = booked.add(actual);
        if (takenIn == epoch) {
            held = held.subtract(amount);
            free = free.add(amount).subtract(actual);
            refusedLeft = null;
        }
        return actual.signum() != 0 || scarce;
    }

    /** The share is gone; what was booked is still to be written. */
    void lose() {
        free = BigDecimal.ZERO;
        held = BigDecimal.ZERO;
        epoch++;
        scarce = false;
        refusedLeft = null;
    }

    boolean hasShare() {
        return free.signum() != 0 || held.signum() != 0;
    }

    boolean isEmpty() {
        return !hasShare() && booked.signum() == 0 && writing.signum() == 0 && !queued;
    }

    /** Whether the database said lately that so much cannot be had. */
    boolean refuses(BigDecimal amount, long nowNanos) {
        return refusedLeft != null
                && nowNanos - refusedUntilNanos < 0
                && amount.compareTo(refusedLeft) > 0;
    }
}
