package entrepot.market.statements;

import entrepot.market.Money;
import entrepot.market.ledger.rollups.UsageRow;
import entrepot.market.statements.sheet.Sheet;
import entrepot.market.statements.terms.ShareTerms;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A share, month by month: exact before the cap and after it.
 *
 * @param months in order
 * @param owed all of it up to the last month, with what was owed before
 */
public record RevenueShare(ShareTerms terms, List<Month> months, Money owed) {

    /**
     * @param base the sum of which a part is owed
     * @param beforeCap that part
     * @param afterCap what the cap leaves of it
     * @param cumulative owed up to its end
     */
    public record Month(
            Instant from, Money base, Money beforeCap, Money afterCap, Money cumulative) {}

    public RevenueShare {
        months = List.copyOf(months);
    }

    /**
     * @param rows sums by month from the terms' first moment on; the cap needs all of them
     */
    public static RevenueShare of(ShareTerms terms, List<UsageRow> rows) {
        var bases = new TreeMap<Instant, BigDecimal>();
        for (UsageRow row : rows) {
            Instant bucket = row.bucket();
            boolean charge = terms.base() == ShareTerms.Measure.CHARGE;
            String currency = charge ? row.chargeCurrency() : row.costCurrency();
            if (bucket != null
                    && currency.equals(terms.currency())
                    && terms.scope().covers(row.values())) {
                bases.merge(
                        bucket, charge ? row.sums().charge() : row.sums().cost(), BigDecimal::add);
            }
        }
        Money cap = terms.cap();
        Money owed = terms.before();
        var months = new ArrayList<Month>();
        for (Map.Entry<Instant, BigDecimal> each : bases.entrySet()) {
            var share =
                    new Money(
                            each.getValue().multiply(terms.percent()).movePointLeft(2),
                            terms.currency());
            Money room = cap == null ? share : cap.minus(owed);
            Money kept = cap != null && share.compareTo(room) > 0 ? atLeastZero(room) : share;
            owed = owed.plus(kept);
            months.add(
                    new Month(
                            each.getKey(),
                            new Money(each.getValue(), terms.currency()),
                            share,
                            kept,
                            owed));
        }
        return new RevenueShare(terms, months, owed);
    }

    private static Money atLeastZero(Money money) {
        return money.amount().signum() < 0 ? Money.zero(money.currency()) : money;
    }

    /** The months of a period. */
    public Sheet sheet(Instant from, Instant to) {
        var rows = new ArrayList<List<@Nullable String>>();
        for (Month month : months) {
            if (!month.from().isBefore(from) && month.from().isBefore(to)) {
                rows.add(
                        Sheet.row(
                                month.from().toString().substring(0, 7),
                                BurnDown.plain(month.base()),
                                BurnDown.plain(month.beforeCap()),
                                BurnDown.plain(month.afterCap()),
                                BurnDown.plain(month.cumulative()),
                                terms.currency()));
            }
        }
        Money cap = terms.cap();
        return new Sheet(
                "Share %s to %s: %s %% of %s%s"
                        .formatted(
                                terms.id(),
                                terms.party(),
                                terms.percent().toPlainString(),
                                terms.base() == ShareTerms.Measure.CHARGE ? "revenue" : "cost",
                                cap == null ? "" : ", at most " + cap),
                List.of("month", "base", "share", "owed", "cumulative", "currency"),
                rows);
    }
}
