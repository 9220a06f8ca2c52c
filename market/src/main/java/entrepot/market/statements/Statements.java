package entrepot.market.statements;

import entrepot.market.Money;
import entrepot.market.ledger.rollups.Balance;
import entrepot.market.ledger.rollups.Dimension;
import entrepot.market.ledger.rollups.Grain;
import entrepot.market.ledger.rollups.Rollups;
import entrepot.market.ledger.rollups.UsageQuery;
import entrepot.market.ledger.rollups.UsageRow;
import entrepot.market.statements.sheet.Sheet;
import entrepot.market.statements.terms.CommitmentTerms;
import entrepot.market.statements.terms.Scope;
import entrepot.market.statements.terms.ShareTerms;
import entrepot.market.statements.terms.Tranche;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Makes statements of a tenant's books. Reads sums that are kept, never the ledger's rows. */
public final class Statements {

    private final Rollups rollups;

    public Statements(Rollups rollups) {
        this.rollups = rollups;
    }

    /** How far a commitment is spent at a moment, and where it will end. */
    public BurnDown burnDown(String tenant, CommitmentTerms terms, Instant at) {
        return burnDown(List.of(tenant), terms, at);
    }

    /** The same of tenants that are one party, taken together. */
    public BurnDown burnDown(List<String> tenants, CommitmentTerms terms, Instant at) {
        Instant until = at.isBefore(terms.to()) ? throughHour(at) : terms.to();
        Instant from = stated(terms.from());
        if (!from.isBefore(until)) {
            return BurnDown.of(terms, at, List.of(), List.of());
        }
        Scope scope = terms.eligible();
        Instant today = until.minusSeconds(Math.floorMod(until.getEpochSecond(), 86_400L));
        Instant trendFrom = today.minus(Duration.ofDays(BurnDown.TREND_DAYS));
        var months = new ArrayList<UsageRow>();
        var days = new ArrayList<UsageRow>();
        for (String tenant : tenants) {
            months.addAll(
                    rollups.usage(
                            new UsageQuery(
                                    tenant,
                                    from,
                                    until,
                                    scope.open(),
                                    Grain.MONTH,
                                    scope.exact())));
            days.addAll(
                    rollups.usage(
                            new UsageQuery(
                                    tenant,
                                    trendFrom.isBefore(from) ? from : trendFrom,
                                    today.isBefore(from) ? from : today,
                                    scope.open(),
                                    Grain.DAY,
                                    scope.exact())));
        }
        return BurnDown.of(terms, at, months, days);
    }

    /** What a share owes in each month up to a moment. */
    public RevenueShare share(String tenant, ShareTerms terms, Instant to) {
        Instant until = to.isBefore(terms.until()) ? throughHour(to) : terms.until();
        Instant from = stated(terms.from());
        if (!from.isBefore(until)) {
            return RevenueShare.of(terms, List.of());
        }
        return RevenueShare.of(
                terms,
                rollups.usage(
                        new UsageQuery(
                                tenant,
                                from,
                                until,
                                terms.scope().open(),
                                Grain.MONTH,
                                terms.scope().exact())));
    }

    /** Sums are kept by the hour: a moment's counts whole, or what is new would be missing. */
    private static Instant throughHour(Instant at) {
        Instant hour = at.truncatedTo(ChronoUnit.HOURS);
        return hour.equals(at) ? at : hour.plus(Duration.ofHours(1));
    }

    /** No ledger is older than this. */
    private static Instant stated(Instant from) {
        return from.isBefore(Instant.EPOCH) ? Instant.EPOCH : from;
    }

    /** Where tranches stand at a moment. */
    public static Sheet funding(List<Tranche> tranches, Instant at) {
        var rows = new ArrayList<List<@Nullable String>>();
        for (Tranche tranche : tranches) {
            rows.add(
                    Sheet.row(
                            tranche.id(),
                            tranche.party(),
                            BurnDown.plain(tranche.amount()),
                            tranche.amount().currency(),
                            word(tranche.status(at)),
                            tranche.trigger(),
                            tranche.triggered(),
                            tranche.due(),
                            tranche.lapses(),
                            tranche.paid()));
        }
        return new Sheet(
                "Funding as of " + at,
                List.of(
                        "tranche",
                        "party",
                        "amount",
                        "currency",
                        "status",
                        "trigger",
                        "triggered",
                        "due",
                        "lapses",
                        "paid"),
                rows);
    }

    /**
     * Cost and revenue of a period by dimensions, what they come to by its end when they go on as
     * so far, and what percentage of the revenue of its currency each row is: now, and by the end
     * when each goes on by the trend of its last days.
     *
     * @param by such as {@code TEAM} and {@code CHANNEL}
     * @param at what was known when; sums end there
     */
    public Sheet segments(UsageQuery period, Set<Dimension> by, Instant at) {
        Instant until = at.isBefore(period.to()) ? throughHour(at) : period.to();
        List<UsageRow> rows =
                until.isBefore(period.from())
                        ? List.of()
                        : rollups.usage(
                                new UsageQuery(
                                        period.tenant(),
                                        period.from(),
                                        until,
                                        by,
                                        null,
                                        period.where()));
        var columns = new ArrayList<String>();
        List<Dimension> order = by.stream().sorted().toList();
        order.forEach(dimension -> columns.add(dimension.word()));
        columns.addAll(
                List.of(
                        "requests",
                        "unpriced",
                        "cost",
                        "cost_currency",
                        "cost_forecast",
                        "revenue",
                        "revenue_currency",
                        "revenue_forecast",
                        "margin",
                        "revenue_share",
                        "revenue_share_forecast"));
        var shares = Shares.of(rollups, period, by, until, rows);
        var cells = new ArrayList<List<@Nullable String>>();
        for (UsageRow row : rows) {
            var line = new ArrayList<@Nullable String>();
            order.forEach(dimension -> line.add(row.of(dimension)));
            line.add(Long.toString(row.sums().requests()));
            line.add(Long.toString(row.sums().unpriced()));
            boolean cost = !row.costCurrency().isEmpty();
            line.add(cost ? row.sums().cost().toPlainString() : null);
            line.add(cost ? row.costCurrency() : null);
            line.add(cost ? forecast(row.sums().cost(), period, until) : null);
            boolean charge = !row.chargeCurrency().isEmpty();
            line.add(charge ? row.sums().charge().toPlainString() : null);
            line.add(charge ? row.chargeCurrency() : null);
            line.add(charge ? forecast(row.sums().charge(), period, until) : null);
            line.add(
                    cost && row.costCurrency().equals(row.chargeCurrency())
                            ? row.sums().charge().subtract(row.sums().cost()).toPlainString()
                            : null);
            line.add(charge ? shares.now(row) : null);
            line.add(charge ? shares.ahead(row) : null);
            cells.add(line);
        }
        return new Sheet(
                "Cost and revenue, %s to %s, as of %s".formatted(period.from(), period.to(), at),
                columns,
                cells);
    }

    private static @Nullable String forecast(BigDecimal sum, UsageQuery period, Instant until) {
        long elapsed = Duration.between(period.from(), until).toSeconds();
        long whole = Duration.between(period.from(), period.to()).toSeconds();
        return elapsed <= 0
                ? null
                : sum.multiply(BigDecimal.valueOf(whole))
                        .divide(BigDecimal.valueOf(elapsed), 2, RoundingMode.HALF_EVEN)
                        .toPlainString();
    }

    /**
     * What a party's account says over whole months, and what it is made of.
     *
     * @param dimension {@code SUPPLIER} for whom we owe, {@code TEAM} for who owes us
     */
    public Sheet party(String tenant, Dimension dimension, String party, Instant from, Instant to) {
        var query =
                new UsageQuery(
                        tenant,
                        from,
                        to,
                        Set.of(Dimension.MODEL),
                        Grain.MONTH,
                        Map.of(dimension, Set.of(party)));
        boolean charge = dimension != Dimension.SUPPLIER;
        var rows = new ArrayList<List<@Nullable String>>();
        var totals = new TreeMap<String, Money>();
        for (UsageRow row : rollups.usage(query)) {
            String currency = charge ? row.chargeCurrency() : row.costCurrency();
            BigDecimal amount = charge ? row.sums().charge() : row.sums().cost();
            if (!currency.isEmpty()) {
                totals.merge(currency, new Money(amount, currency), Money::plus);
            }
            Instant bucket = row.bucket();
            rows.add(
                    Sheet.row(
                            "usage",
                            bucket == null ? null : bucket.toString().substring(0, 7),
                            row.of(Dimension.MODEL),
                            row.sums().requests(),
                            row.sums().unpriced(),
                            row.sums().estimated(),
                            currency.isEmpty() ? null : amount.toPlainString(),
                            currency.isEmpty() ? null : currency));
        }
        totals.forEach((currency, total) -> rows.add(total("total", null, total)));
        for (Balance balance : rollups.balances(tenant, from, to)) {
            if (balance.party().equals(party)) {
                rows.add(total("account", word(balance.account()), balance.amount()));
            }
        }
        return new Sheet(
                "Statement of %s %s, %s to %s".formatted(dimension.word(), party, from, to),
                List.of(
                        "kind",
                        "month",
                        "what",
                        "requests",
                        "unpriced",
                        "estimated",
                        "amount",
                        "currency"),
                rows);
    }

    private static List<@Nullable String> total(String kind, @Nullable String what, Money amount) {
        return Sheet.row(
                kind, null, what, null, null, null, BurnDown.plain(amount), amount.currency());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
