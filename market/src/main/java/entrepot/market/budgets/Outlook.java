package entrepot.market.budgets;

import entrepot.market.budgets.limits.Limit;
import entrepot.market.budgets.limits.Period;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * What a limit would say of a claim that is not made.
 *
 * @param asked what would be held; zero of a limit that only counts; null when the worst case is
 *     not known and the limit refuses that
 * @param left what could be held now; never negative
 * @param span the period it counts in
 */
public record Outlook(Limit limit, @Nullable BigDecimal asked, BigDecimal left, Period.Span span) {

    /** Whether a hold would be taken. */
    public boolean fits() {
        return !limit.hard() || (asked != null && asked.compareTo(left) <= 0);
    }

    /** Why it would not fit. */
    public Refusal refusal() {
        Instant ends = span.ends() ? Instant.ofEpochMilli(span.endMillis()) : null;
        return new Refusal(limit.id(), limit, asked, left, ends);
    }
}
