package entrepot.market.ledger.rollups;

import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.store.Database;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Answers what was used and what it cost, from the sums and never from the ledger's rows: the time
 * asked for is covered with whole months, the rest of it with days, and its ends with hours.
 */
public final class Rollups {

    private static final int ROWS_MAX = 200_000;
    private static final String SUMS =
            "cast(sum(requests) as bigint) as requests,"
                    + " cast(sum(unpriced) as bigint) as unpriced,"
                    + " cast(sum(estimated) as bigint) as estimated, "
                    + Arrays.stream(Meter.values())
                            .map(RollupTable::column)
                            .map(name -> "cast(sum(" + name + ") as bigint) as " + name)
                            .collect(Collectors.joining(", "))
                    + ", cast(sum(cost_micros) as bigint) as cost_micros,"
                    + " cast(sum(cost_attos) as bigint) as cost_attos,"
                    + " cast(null as text) as cost_rest,"
                    + " cast(sum(charge_micros) as bigint) as charge_micros,"
                    + " cast(sum(charge_attos) as bigint) as charge_attos,"
                    + " cast(null as text) as charge_rest";

    private final Database database;

    public Rollups(Database database) {
        this.database = database;
    }

    /**
     * The sums, by time and then by value.
     *
     * @throws TooMany when there are more rows than can be told at once
     */
    public List<UsageRow> usage(UsageQuery query) {
        var found = new TreeMap<List<String>, UsageRow>(Rollups::compare);
        Set<Dimension> by = query.by().isEmpty() ? Set.of() : EnumSet.copyOf(query.by());
        database.read(sql -> {
            found.clear();
            for (Span span : spans(query)) {
                for (UsageRow row : rows(sql, query, by, span)) {
                    found.merge(key(row, by), row, Rollups::merged);
                    if (found.size() > ROWS_MAX) {
                        throw new TooMany(ROWS_MAX);
                    }
                }
            }
            return found.size();
        });
        return List.copyOf(found.values());
    }

    /** More rows than are told at once; the message says what would help. */
    public static final class TooMany extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        TooMany(int rowsMax) {
            super(
                    "more than "
                            + rowsMax
                            + " rows: ask for less time, or tell them apart by fewer dimensions");
        }
    }

    /**
     * The balances of a tenant's accounts over whole months.
     *
     * @param from its month is the first
     * @param to its month is counted unless it begins there
     */
    public List<Balance> balances(String tenant, Instant from, Instant to) {
        record Party(String account, String name, String currency) {}
        var found =
                new TreeMap<Party, Balance>(
                        java.util.Comparator.comparing(Party::account)
                                .thenComparing(Party::name)
                                .thenComparing(Party::currency));
        database.read(sql -> {
            found.clear();
            for (Balance each :
                    sql.query(
                            "select tenant, month_millis, account, party, currency, micros, attos,"
                                    + " rest from ledger_balance where tenant = ?"
                                    + " and month_millis >= ? and month_millis < ?",
                            row -> balance(row),
                            tenant,
                            Grain.MONTH.bucket(from.toEpochMilli()),
                            to.toEpochMilli())) {
                found.merge(
                        new Party(each.account().name(), each.party(), each.amount().currency()),
                        each,
                        (one, more) ->
                                new Balance(
                                        one.account(),
                                        one.party(),
                                        one.amount().plus(more.amount())));
            }
            return found.size();
        });
        return List.copyOf(found.values());
    }

    private static Balance balance(Sql.Row row) throws SQLException {
        BalanceKey key = RollupTable.balanceKey(row);
        return new Balance(
                key.account(), key.party(), new Money(RollupTable.balance(row), key.currency()));
    }

    /** Buckets of one grain, from the first to before the last. */
    record Span(Grain grain, long from, long to) {}

    /** Covers the time with buckets as large as they may be. */
    static List<Span> spans(UsageQuery query) {
        Grain every = query.every();
        Grain largest = every == null ? Grain.MONTH : every;
        var spans = new ArrayList<Span>();
        cover(
                largest,
                Grain.HOUR.bucket(query.from().toEpochMilli()),
                Grain.HOUR.bucket(query.to().toEpochMilli()),
                spans);
        return spans;
    }

    private static void cover(Grain grain, long from, long to, List<Span> spans) {
        if (from >= to) {
            return;
        }
        long first = grain.begins(from) ? from : grain.next(grain.bucket(from));
        long last = grain.bucket(to);
        if (grain == Grain.HOUR || first < last) {
            spans.add(new Span(grain, first, last));
            if (grain != Grain.HOUR) {
                cover(grain.smaller(), from, first, spans);
                cover(grain.smaller(), last, to, spans);
            }
        } else {
            cover(grain.smaller(), from, to, spans);
        }
    }

    private static List<UsageRow> rows(Sql sql, UsageQuery query, Set<Dimension> by, Span span)
            throws SQLException {
        boolean buckets = query.every() != null;
        var told = new StringBuilder(buckets ? "bucket_millis, " : "");
        by.forEach(dimension -> told.append(dimension.word()).append(", "));
        told.append("cost_currency, charge_currency");
        var parameters = new ArrayList<@Nullable Object>();
        String where = where(query, span, parameters);
        @Nullable Object[] bound = parameters.toArray();
        Sql.RowReader<UsageRow> reader = row -> row(row, query.every(), by);
        var rows =
                new ArrayList<>(
                        sql.query(
                                "select "
                                        + told
                                        + ", "
                                        + SUMS
                                        + where
                                        + " group by "
                                        + told
                                        + " limit "
                                        + (ROWS_MAX + 1),
                                reader,
                                bound));
        // What is finer than attos, or too large, cannot be added up by the database.
        rows.addAll(
                sql.query(
                        "select "
                                + told
                                + ", "
                                + RollupTable.COUNTS.replaceAll("([a-z_0-9]+)", "0 as $1")
                                + ", 0 as cost_micros, 0 as cost_attos, cost_rest,"
                                + " 0 as charge_micros, 0 as charge_attos, charge_rest"
                                + where
                                + " and (cost_rest is not null or charge_rest is not null) limit "
                                + (ROWS_MAX + 1),
                        reader,
                        bound));
        return rows;
    }

    private static String where(UsageQuery query, Span span, List<@Nullable Object> parameters) {
        var where =
                new StringBuilder(
                        " from ledger_rollup where tenant = ? and grain = ?"
                                + " and bucket_millis >= ? and bucket_millis < ?");
        parameters.add(query.tenant());
        parameters.add(span.grain().word());
        parameters.add(span.from());
        parameters.add(span.to());
        new TreeMap<>(query.where())
                .forEach((dimension, values) -> {
                    where.append(" and ")
                            .append(dimension.word())
                            .append(values.isEmpty() ? " in (null" : " in (?")
                            .append(", ?".repeat(Math.max(0, values.size() - 1)))
                            .append(')');
                    parameters.addAll(values);
                });
        return where.toString();
    }

    private static UsageRow row(Sql.Row row, @Nullable Grain every, Set<Dimension> by)
            throws SQLException {
        var values = new EnumMap<Dimension, String>(Dimension.class);
        for (Dimension dimension : by) {
            values.put(dimension, row.text(dimension.word()));
        }
        Instant bucket =
                every == null
                        ? null
                        : Instant.ofEpochMilli(every.bucket(row.number("bucket_millis")));
        return new UsageRow(
                bucket,
                values,
                row.text("cost_currency"),
                row.text("charge_currency"),
                RollupTable.sums(row));
    }

    private static List<String> key(UsageRow row, Set<Dimension> by) {
        var key = new ArrayList<String>(by.size() + 3);
        Instant bucket = row.bucket();
        // Times before 1970 or after 2286 would sort among themselves only; there are none.
        key.add(bucket == null ? "" : "%015d".formatted(bucket.toEpochMilli()));
        by.forEach(dimension -> key.add(row.of(dimension)));
        key.add(row.costCurrency());
        key.add(row.chargeCurrency());
        return key;
    }

    private static int compare(List<String> one, List<String> other) {
        for (int i = 0; i < one.size(); i++) {
            int order = one.get(i).compareTo(other.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static UsageRow merged(UsageRow one, UsageRow more) {
        one.sums().add(more.sums());
        return one;
    }
}
