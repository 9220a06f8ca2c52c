package entrepot.market.budgets.limits;

import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The rows of limits. */
final class LimitTable {

    private LimitTable() {}

    static void insert(Sql sql, Limit limit) throws SQLException {
        sql.update(
                """
                insert into usage_limit (tenant, id, name, scope, scope_id, measure, currency,
                  amount, period, zone, hard, alerts, hold_if_unknown, created_millis,
                  updated_millis)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                limit.tenant(),
                limit.id(),
                limit.name(),
                limit.scope().kind().name(),
                limit.scope().id(),
                limit.measure().name(),
                limit.currency(),
                limit.amount(),
                limit.period().name(),
                limit.zone().getId(),
                limit.hard(),
                written(limit.alertPercents()),
                limit.holdIfUnknown(),
                limit.createdAt().toEpochMilli(),
                limit.updatedAt().toEpochMilli());
        countChange(sql);
    }

    /** Writes what may be edited. */
    static void update(Sql sql, Limit limit) throws SQLException {
        sql.update(
                """
                update usage_limit set name = ?, amount = ?, hard = ?, alerts = ?,
                  hold_if_unknown = ?, updated_millis = ?
                where tenant = ? and id = ?
                """,
                limit.name(),
                limit.amount(),
                limit.hard(),
                written(limit.alertPercents()),
                limit.holdIfUnknown(),
                limit.updatedAt().toEpochMilli(),
                limit.tenant(),
                limit.id());
        countChange(sql);
    }

    static boolean end(Sql sql, String tenant, String id, long nowMillis) throws SQLException {
        int count =
                sql.update(
                        "update usage_limit set ended_millis = ?, updated_millis = ?"
                                + " where tenant = ? and id = ? and ended_millis is null",
                        nowMillis,
                        nowMillis,
                        tenant,
                        id);
        if (count > 0) {
            countChange(sql);
        }
        return count > 0;
    }

    /** Locks the row of a limit until the transaction's end, so that two edits do not cross. */
    static Optional<Limit> locked(Sql sql, String tenant, String id) throws SQLException {
        return sql.one(
                "update usage_limit set updated_millis = updated_millis"
                        + " where tenant = ? and id = ? returning *",
                LimitTable::read,
                tenant,
                id);
    }

    static Optional<Limit> find(Sql sql, String tenant, String id) throws SQLException {
        return sql.one(
                "select * from usage_limit where tenant = ? and id = ?",
                LimitTable::read,
                tenant,
                id);
    }

    static int countInForce(Sql sql, String tenant) throws SQLException {
        return sql.one(
                        "select count(*) as found from usage_limit"
                                + " where tenant = ? and ended_millis is null",
                        row -> Math.toIntExact(row.number("found")),
                        tenant)
                .orElse(0);
    }

    static List<Limit> page(
            Sql sql, String tenant, @Nullable String after, boolean ended, int countMax)
            throws SQLException {
        return sql.query(
                "select * from usage_limit where tenant = ? and id > ?"
                        + (ended ? "" : " and ended_millis is null")
                        + " order by id limit ?",
                LimitTable::read,
                tenant,
                after == null ? "" : after,
                countMax);
    }

    static List<Limit> allInForce(Sql sql) throws SQLException {
        return sql.query(
                "select * from usage_limit where ended_millis is null order by tenant, id",
                LimitTable::read);
    }

    static long changes(Sql sql) throws SQLException {
        return sql.one("select count from limit_change", row -> row.number("count")).orElse(-1L);
    }

    /** The counts of a limit, newest period first. */
    static List<LimitUsage> counts(
            Sql sql, String tenant, String id, long startBeforeMillis, int countMax)
            throws SQLException {
        List<LimitUsage> counts =
                sql.query(
                        "select start_millis, end_millis, settled, alerted_percent"
                                + " from limit_count where tenant = ? and limit_id = ?"
                                + " and start_millis < ? order by start_millis desc limit ?",
                        row ->
                                new LimitUsage(
                                        new Period.Span(
                                                row.number("start_millis"),
                                                row.number("end_millis")),
                                        new BigDecimal(row.text("settled")),
                                        BigDecimal.ZERO,
                                        BigDecimal.ZERO,
                                        Math.toIntExact(row.number("alerted_percent"))),
                        tenant,
                        id,
                        startBeforeMillis,
                        countMax);
        var whole = new java.util.ArrayList<LimitUsage>(counts.size());
        for (LimitUsage count : counts) {
            whole.add(withShares(sql, tenant, id, count));
        }
        return whole;
    }

    static LimitUsage withShares(Sql sql, String tenant, String id, LimitUsage count)
            throws SQLException {
        BigDecimal held = BigDecimal.ZERO;
        BigDecimal out = BigDecimal.ZERO;
        for (BigDecimal[] share :
                sql.query(
                        "select amount, held from limit_share"
                                + " where tenant = ? and limit_id = ? and start_millis = ?",
                        row ->
                                new BigDecimal[] {
                                    new BigDecimal(row.text("amount")),
                                    new BigDecimal(row.text("held"))
                                },
                        tenant,
                        id,
                        count.span().startMillis())) {
            held = held.add(share[1]);
            out = out.add(share[0].subtract(share[1]));
        }
        return new LimitUsage(count.span(), count.settled(), held, out, count.alertedPercent());
    }

    private static void countChange(Sql sql) throws SQLException {
        sql.update("update limit_change set count = count + 1");
    }

    private static Limit read(Sql.Row row) throws SQLException {
        return new Limit(
                row.text("id"),
                row.text("tenant"),
                row.text("name"),
                new LimitScope(LimitScope.Kind.valueOf(row.text("scope")), row.text("scope_id")),
                Measure.valueOf(row.text("measure")),
                row.textIf("currency").orElse(null),
                new BigDecimal(row.text("amount")),
                Period.valueOf(row.text("period")),
                ZoneId.of(row.text("zone")),
                row.number("hard") != 0,
                percents(row.text("alerts")),
                row.textIf("hold_if_unknown").map(BigDecimal::new).orElse(null),
                Instant.ofEpochMilli(row.number("created_millis")),
                Instant.ofEpochMilli(row.number("updated_millis")),
                row.numberIf("ended_millis").map(Instant::ofEpochMilli).orElse(null));
    }

    private static String written(List<Integer> percents) {
        return percents.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static List<Integer> percents(String written) {
        return Arrays.stream(written.split(","))
                .filter(percent -> !percent.isEmpty())
                .map(Integer::valueOf)
                .toList();
    }
}
