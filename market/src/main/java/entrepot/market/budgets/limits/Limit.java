package entrepot.market.budgets.limits;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/**
 * How much may be used, by whom, in each period. What it counts (scope, measure, currency, period,
 * zone) never changes, so that what was used keeps its meaning; the rest may be edited.
 *
 * @param id {@code lim_…}
 * @param currency of a limit of {@code MONEY}; else null
 * @param amount in units of the measure, or of the currency
 * @param hard whether what does not fit is refused; else it is only counted and alerted
 * @param alertPercents of the amount, ascending; each is told once in a period
 * @param holdIfUnknown what an attempt holds whose worst case is not known; null refuses it
 * @param endedAt when it was ended; null while it is in force
 */
public record Limit(
        String id,
        String tenant,
        String name,
        LimitScope scope,
        Measure measure,
        @Nullable String currency,
        BigDecimal amount,
        Period period,
        ZoneId zone,
        boolean hard,
        List<Integer> alertPercents,
        @Nullable BigDecimal holdIfUnknown,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant endedAt) {

    public Limit {
        alertPercents = List.copyOf(alertPercents);
    }

    /** An amount of this limit in words, such as {@code 12.5 USD} or {@code 3 requests}. */
    public String words(BigDecimal of) {
        String number = of.signum() == 0 ? "0" : of.stripTrailingZeros().toPlainString();
        return switch (measure) {
            case MONEY -> number + " " + currency;
            case REQUESTS -> number + (number.equals("1") ? " request" : " requests");
            case TOKENS -> number + (number.equals("1") ? " token" : " tokens");
            case CONCURRENCY -> number + " at once";
        };
    }

    /** What it allows in words, such as {@code 100 USD a month for team research}. */
    public String words() {
        String each =
                switch (period) {
                    case MINUTE -> " a minute";
                    case HOUR -> " an hour";
                    case DAY -> " a day";
                    case WEEK -> " a week";
                    case MONTH -> " a month";
                    case NONE -> measure == Measure.CONCURRENCY ? "" : " in all";
                };
        return words(amount)
                + each
                + " for "
                + scope.kind().name().toLowerCase(java.util.Locale.ROOT)
                + " "
                + scope.id();
    }
}
