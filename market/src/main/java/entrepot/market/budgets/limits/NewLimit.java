package entrepot.market.budgets.limits;

import entrepot.market.Money;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;

/**
 * A limit that is wanted; the fields are those of {@link Limit}. {@link LimitInvalid} names the one
 * that cannot be.
 */
public record NewLimit(
        String name,
        LimitScope scope,
        Measure measure,
        @Nullable String currency,
        BigDecimal amount,
        Period period,
        ZoneId zone,
        boolean hard,
        List<Integer> alertPercents,
        @Nullable BigDecimal holdIfUnknown) {

    static final int NAME_CHARS_MAX = 128;
    static final int ID_CHARS_MAX = 128;
    static final int ALERTS_MAX = 10;
    static final int ALERT_PERCENT_MAX = 1_000;
    private static final int SCALE_MAX = 12;
    private static final BigDecimal AMOUNT_MAX = new BigDecimal("1000000000000000");

    public NewLimit {
        checkName(name);
        if (scope.id().isBlank() || scope.id().length() > ID_CHARS_MAX) {
            throw new LimitInvalid("scope.id", "it must be 1 to " + ID_CHARS_MAX + " characters.");
        }
        checkCurrency(measure, currency);
        checkAmount("amount", measure, amount);
        if (holdIfUnknown != null) {
            checkAmount("hold_if_unknown", measure, holdIfUnknown);
        }
        if (measure == Measure.CONCURRENCY && period != Period.NONE) {
            throw new LimitInvalid("period", "concurrency is of the moment: it must be none.");
        }
        checkHard(measure, hard);
        alertPercents = checkedAlerts(alertPercents);
    }

    static void checkName(String name) {
        if (name.isBlank() || name.length() > NAME_CHARS_MAX || name.indexOf('\0') >= 0) {
            throw new LimitInvalid("name", "it must be 1 to " + NAME_CHARS_MAX + " characters.");
        }
    }

    static void checkAmount(String field, Measure measure, BigDecimal amount) {
        BigDecimal plain = amount.stripTrailingZeros();
        if (plain.signum() < 0 || plain.compareTo(AMOUNT_MAX) > 0) {
            throw new LimitInvalid(field, "it must be 0 to " + AMOUNT_MAX.toPlainString() + ".");
        }
        int scaleMax = measure == Measure.MONEY ? SCALE_MAX : 0;
        if (plain.scale() > scaleMax) {
            throw new LimitInvalid(
                    field,
                    measure == Measure.MONEY
                            ? "it may have " + SCALE_MAX + " decimals."
                            : "it must be a whole number, as it counts "
                                    + measure.name().toLowerCase(java.util.Locale.ROOT)
                                    + ".");
        }
    }

    static void checkHard(Measure measure, boolean hard) {
        if (!hard && measure == Measure.CONCURRENCY) {
            throw new LimitInvalid("hard", "a limit of concurrency cannot be for alerts only.");
        }
    }

    static List<Integer> checkedAlerts(List<Integer> percents) {
        List<Integer> sorted = percents.stream().distinct().sorted().toList();
        if (sorted.size() > ALERTS_MAX
                || (!sorted.isEmpty()
                        && (sorted.getFirst() < 1 || sorted.getLast() > ALERT_PERCENT_MAX))) {
            throw new LimitInvalid(
                    "alert_percents",
                    "they must be at most "
                            + ALERTS_MAX
                            + " percentages from 1 to "
                            + ALERT_PERCENT_MAX
                            + ".");
        }
        return sorted;
    }

    private static void checkCurrency(Measure measure, @Nullable String currency) {
        if (measure == Measure.MONEY) {
            if (currency == null || !Money.isCurrency(currency)) {
                throw new LimitInvalid(
                        "currency", "a limit of money needs an ISO 4217 code, such as USD.");
            }
        } else if (currency != null) {
            throw new LimitInvalid("currency", "only a limit of money has one.");
        }
    }
}
