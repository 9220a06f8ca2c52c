package entrepot.market.statements;

import entrepot.market.Money;
import entrepot.market.ledger.rollups.UsageRow;
import entrepot.market.statements.sheet.Sheet;
import entrepot.market.statements.terms.CommitmentTerms;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far a commitment is spent, and where it will end. What was spent is exact; forecasts are
 * rounded to a hundredth.
 *
 * @param months what was spent in each
 * @param spent all of it so far
 * @param straightLine where it ends when spending goes on as on average so far; null before it
 *     began
 * @param trend where it ends when the last {@link #TREND_DAYS} days' straight line goes on; null
 *     with fewer than two whole days. Both are null when the commitment states no end, the first
 *     also when it states no beginning
 * @param otherCurrencies cost on the eligible scope that does not count, by currency
 */
public record BurnDown(
        CommitmentTerms terms,
        Instant at,
        Map<Instant, Money> months,
        Money spent,
        @Nullable Money straightLine,
        @Nullable Money trend,
        Map<String, Money> otherCurrencies) {

    /** How far back the trend looks. */
    public static final int TREND_DAYS = 28;

    private static final MathContext PRECISION = MathContext.DECIMAL64;

    public BurnDown {
        months = java.util.Collections.unmodifiableMap(new TreeMap<>(months));
        otherCurrencies = Map.copyOf(otherCurrencies);
    }

    /**
     * @param months sums by month over the commitment's time up to {@code at}
     * @param days sums by whole day over the last {@link #TREND_DAYS} days before {@code at}
     */
    public static BurnDown of(
            CommitmentTerms terms, Instant at, List<UsageRow> months, List<UsageRow> days) {
        String currency = terms.amount().currency();
        var byMonth = new TreeMap<Instant, Money>();
        var others = new TreeMap<String, Money>();
        Money spent = Money.zero(currency);
        for (UsageRow row : months) {
            Instant bucket = row.bucket();
            if (!terms.eligible().covers(row.values()) || row.costCurrency().isEmpty()) {
                continue;
            }
            var cost = new Money(row.sums().cost(), row.costCurrency());
            if (row.costCurrency().equals(currency)) {
                spent = spent.plus(cost);
                byMonth.merge(bucket == null ? terms.from() : bucket, cost, Money::plus);
            } else {
                others.merge(row.costCurrency(), cost, Money::plus);
            }
        }
        return new BurnDown(
                terms,
                at,
                byMonth,
                spent,
                straightLine(terms, at, spent),
                trend(terms, at, spent, days),
                others);
    }

    /** What is left to be spent; zero when all is. */
    public Money remaining() {
        return atLeastZero(terms.amount().minus(spent));
    }

    /** What will be missing at the end when spending goes on as it did, by the lower forecast. */
    public @Nullable Money shortfall() {
        Money lower = straightLine;
        if (lower == null || (trend != null && trend.compareTo(lower) < 0)) {
            lower = trend;
        }
        return lower == null ? null : atLeastZero(terms.amount().minus(lower));
    }

    /** What is owed at the end for what was not spent: nothing before, or without true-up. */
    public Money trueUp() {
        return terms.trueUp() && !at.isBefore(terms.to())
                ? remaining()
                : Money.zero(terms.amount().currency());
    }

    private static Money atLeastZero(Money money) {
        return money.amount().signum() < 0 ? Money.zero(money.currency()) : money;
    }

    private static @Nullable Money straightLine(CommitmentTerms terms, Instant at, Money spent) {
        if (!at.isBefore(terms.to())) {
            return spent;
        }
        if (!terms.hasBeginning() || !terms.hasEnd()) {
            return null;
        }
        BigDecimal elapsed = seconds(terms.from(), at);
        if (elapsed.signum() <= 0) {
            return null;
        }
        return rounded(
                spent.amount()
                        .multiply(seconds(terms.from(), terms.to()))
                        .divide(elapsed, PRECISION),
                spent.currency());
    }

    private static BigDecimal seconds(Instant from, Instant to) {
        return BigDecimal.valueOf(Duration.between(from, to).toSeconds());
    }

    /** The least-squares line through the whole days' costs, never below zero. */
    private static @Nullable Money trend(
            CommitmentTerms terms, Instant at, Money spent, List<UsageRow> rows) {
        if (!at.isBefore(terms.to())) {
            return spent;
        }
        if (!terms.hasEnd()) {
            return null;
        }
        long today = Math.floorDiv(at.getEpochSecond(), 86_400L);
        long began = Math.ceilDiv(terms.from().getEpochSecond(), 86_400L);
        long first = Math.max(began, today - TREND_DAYS);
        int count = (int) Math.max(0, today - first);
        if (count < 2) {
            return null;
        }
        var costs = new ArrayList<BigDecimal>();
        for (int i = 0; i < count; i++) {
            costs.add(BigDecimal.ZERO);
        }
        for (UsageRow row : rows) {
            Instant bucket = row.bucket();
            if (bucket == null
                    || !row.costCurrency().equals(spent.currency())
                    || !terms.eligible().covers(row.values())) {
                continue;
            }
            int day = (int) (Math.floorDiv(bucket.getEpochSecond(), 86_400L) - first);
            if (day >= 0 && day < count) {
                costs.set(day, costs.get(day).add(row.sums().cost()));
            }
        }
        return rounded(spent.amount().add(ahead(costs, at, terms.to())), spent.currency());
    }

    /** What the least-squares line through whole days adds from a moment to another. */
    static BigDecimal ahead(List<BigDecimal> costs, Instant at, Instant to) {
        BigDecimal n = BigDecimal.valueOf(costs.size());
        BigDecimal sumX = BigDecimal.ZERO;
        BigDecimal sumY = BigDecimal.ZERO;
        BigDecimal sumXy = BigDecimal.ZERO;
        BigDecimal sumXx = BigDecimal.ZERO;
        for (int i = 0; i < costs.size(); i++) {
            BigDecimal x = BigDecimal.valueOf(i);
            sumX = sumX.add(x);
            sumY = sumY.add(costs.get(i));
            sumXy = sumXy.add(x.multiply(costs.get(i)));
            sumXx = sumXx.add(x.multiply(x));
        }
        BigDecimal slope =
                n.multiply(sumXy)
                        .subtract(sumX.multiply(sumY))
                        .divide(n.multiply(sumXx).subtract(sumX.multiply(sumX)), PRECISION);
        BigDecimal level = sumY.subtract(slope.multiply(sumX)).divide(n, PRECISION);
        BigDecimal days = seconds(at, to).divide(BigDecimal.valueOf(86_400), PRECISION);
        BigDecimal from = BigDecimal.valueOf(costs.size());
        BigDecimal until = from.add(days);
        if (slope.signum() < 0) {
            // The line ends where it meets zero; it does not give money back.
            BigDecimal zero = level.negate().divide(slope, PRECISION);
            until = until.min(zero.max(from));
        }
        BigDecimal rising = until.multiply(until).subtract(from.multiply(from));
        BigDecimal area =
                level.multiply(until.subtract(from))
                        .add(slope.multiply(rising).divide(BigDecimal.TWO, PRECISION));
        return area.max(BigDecimal.ZERO);
    }

    private static Money rounded(BigDecimal amount, String currency) {
        return new Money(amount.setScale(2, RoundingMode.HALF_EVEN), currency);
    }

    /** Months and what they leave, then the summary. */
    public Sheet sheet() {
        var rows = new ArrayList<List<@Nullable String>>();
        Money left = terms.amount();
        for (Map.Entry<Instant, Money> month : months.entrySet()) {
            left = left.minus(month.getValue());
            rows.add(
                    Sheet.row(
                            "month",
                            month.getKey().toString().substring(0, 7),
                            plain(month.getValue()),
                            plain(left),
                            terms.amount().currency()));
        }
        summary(rows, "committed", terms.amount());
        summary(rows, "spent", spent);
        summary(rows, "remaining", remaining());
        summary(rows, "forecast, straight line", straightLine);
        summary(rows, "forecast, trend of %d days".formatted(TREND_DAYS), trend);
        summary(rows, "shortfall expected", shortfall());
        summary(rows, "true-up owed", trueUp());
        otherCurrencies.forEach((currency, cost) ->
                rows.add(Sheet.row("total", "spent in " + currency, plain(cost), null, currency)));
        return new Sheet(
                "Commitment %s to %s, %s to %s, as of %s"
                        .formatted(
                                terms.id(),
                                terms.party(),
                                terms.hasBeginning() ? terms.from() : "no stated beginning",
                                terms.hasEnd() ? terms.to() : "no stated end",
                                at),
                List.of("kind", "what", "amount", "left", "currency"),
                rows);
    }

    private static void summary(
            List<List<@Nullable String>> rows, String what, @Nullable Money amount) {
        rows.add(
                Sheet.row(
                        "total",
                        what,
                        amount == null ? null : plain(amount),
                        null,
                        amount == null ? null : amount.currency()));
    }

    static String plain(Money money) {
        return money.amount().toPlainString();
    }
}
