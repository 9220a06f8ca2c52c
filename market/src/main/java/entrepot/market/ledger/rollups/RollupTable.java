package entrepot.market.ledger.rollups;

import entrepot.conversation.Usage.Meter;
import entrepot.market.ledger.books.Account;
import entrepot.store.Sql;
import entrepot.store.rows.Inserts;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The sums as rows of {@code ledger_rollup} and {@code ledger_balance}. */
final class RollupTable {

    static final String COUNTS =
            "requests, unpriced, estimated, "
                    + Arrays.stream(Meter.values())
                            .map(RollupTable::column)
                            .collect(Collectors.joining(", "));

    private static final String MONEY =
            "cost_micros, cost_attos, cost_rest, charge_micros, charge_attos, charge_rest";
    private static final int COUNT = 3 + Meter.values().length + 6;

    static final String VALUES = COUNTS + ", " + MONEY;

    static final String ONE =
            "select "
                    + VALUES
                    + " from ledger_rollup where "
                    + Arrays.stream(RollupKey.COLUMNS.split(", "))
                            .map(column -> column + " = ? and ")
                            .collect(Collectors.joining())
                    + "chain = ?";

    static final String ONE_BALANCE =
            "select micros, attos, rest from ledger_balance where tenant = ? and month_millis = ?"
                    + " and account = ? and party = ? and currency = ? and chain = ?";

    private RollupTable() {}

    /** Inserts of sums, or what they are now. */
    static Inserts upserts() {
        return upserts(
                "ledger_rollup",
                RollupKey.COLUMNS + ", chain",
                VALUES,
                Set.of("cost_currency", "charge_currency"));
    }

    static Inserts balanceUpserts() {
        return upserts(
                "ledger_balance",
                "tenant, month_millis, account, party, currency, chain",
                "micros, attos, rest",
                Set.of("account", "currency"));
    }

    private static Inserts upserts(String table, String key, String sums, Set<String> few) {
        return new Inserts(
                table,
                List.of((key + ", " + sums).split(", ")),
                few,
                "on conflict ("
                        + key
                        + ") do update set "
                        + Arrays.stream(sums.split(", "))
                                .map(column -> column + " = excluded." + column)
                                .collect(Collectors.joining(", ")));
    }

    /** The column of a meter; {@code requests} alone is the number of attempts. */
    static String column(Meter meter) {
        return meter == Meter.REQUESTS ? "counted_requests" : meter.name().toLowerCase(Locale.ROOT);
    }

    static @Nullable Object[] row(RollupKey key, String chain, Sums sums) {
        @Nullable Object[] where = key.values();
        var row = Arrays.copyOf(where, where.length + 1 + COUNT);
        int at = where.length;
        row[at++] = chain;
        row[at++] = sums.requests();
        row[at++] = sums.unpriced();
        row[at++] = sums.estimated();
        for (Meter meter : Meter.values()) {
            row[at++] = sums.of(meter);
        }
        Exact cost = Exact.of(sums.cost());
        row[at++] = cost.micros();
        row[at++] = cost.attos();
        row[at++] = cost.rest();
        Exact charge = Exact.of(sums.charge());
        row[at++] = charge.micros();
        row[at++] = charge.attos();
        row[at] = charge.rest();
        return row;
    }

    static Sums sums(Sql.Row row) throws SQLException {
        var sums = new Sums();
        sums.counts(row.number("requests"), row.number("unpriced"), row.number("estimated"));
        for (Meter meter : Meter.values()) {
            sums.meter(meter, row.number(column(meter)));
        }
        sums.money(
                new Exact(
                                row.number("cost_micros"),
                                row.number("cost_attos"),
                                row.textIf("cost_rest").orElse(null))
                        .amount(),
                new Exact(
                                row.number("charge_micros"),
                                row.number("charge_attos"),
                                row.textIf("charge_rest").orElse(null))
                        .amount());
        return sums;
    }

    static RollupKey key(Sql.Row row) throws SQLException {
        return new RollupKey(
                row.text("tenant"),
                grain(row.text("grain")),
                row.number("bucket_millis"),
                row.text("team"),
                row.text("project"),
                row.text("model"),
                row.text("supplier"),
                row.text("channel"),
                row.text("region"),
                row.text("api"),
                row.text("outcome"),
                row.text("cost_currency"),
                row.text("charge_currency"));
    }

    private static Grain grain(String word) throws SQLException {
        for (Grain grain : Grain.values()) {
            if (grain.word().equals(word)) {
                return grain;
            }
        }
        throw new SQLException("ledger_rollup holds an unknown grain: " + word);
    }

    static @Nullable Object[] row(BalanceKey key, String chain, BigDecimal amount) {
        Exact exact = Exact.of(amount);
        return new @Nullable Object[] {
            key.tenant(),
            key.monthMillis(),
            key.account().name(),
            key.party(),
            key.currency(),
            chain,
            exact.micros(),
            exact.attos(),
            exact.rest()
        };
    }

    static BalanceKey balanceKey(Sql.Row row) throws SQLException {
        return new BalanceKey(
                row.text("tenant"),
                row.number("month_millis"),
                Account.valueOf(row.text("account")),
                row.text("party"),
                row.text("currency"));
    }

    static BigDecimal balance(Sql.Row row) throws SQLException {
        return new Exact(row.number("micros"), row.number("attos"), row.textIf("rest").orElse(null))
                .amount();
    }
}
