package entrepot.market.budgets;

import entrepot.market.budgets.limits.Limit;
import entrepot.store.Database;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;

/** The rows of nodes, counts and shares. */
final class ShareTable {

    private static final long NODE_KEPT_MILLIS = 86_400_000;
    private static final long MINUTES_KEPT_MILLIS = 86_400_000;
    private static final long HOURS_KEPT_MILLIS = 62 * 86_400_000L;

    private final String now;
    private final String skipLocked;

    ShareTable(Database.Engine engine) {
        this.now = engine.nowMillis();
        this.skipLocked = engine.skipLocked();
    }

    /** What is settled of a limit in a period; its row is locked. */
    record Count(BigDecimal settled, int alertedPercent, long version) {}

    /**
     * What else counts against a limit.
     *
     * @param amount of the limit; null when it was ended
     * @param others what other nodes have taken
     * @param othersFree how much of that no order of theirs held when they were heard of last
     */
    record Rest(@Nullable BigDecimal amount, BigDecimal others, BigDecimal othersFree) {}

    /** Notes a new node, and forgets those that ended long ago. */
    void open(Sql sql, String node, String name, long batch, long tenureMillis)
            throws SQLException {
        sql.update("delete from limit_node where ended_millis < " + now + " - " + NODE_KEPT_MILLIS);
        sql.update(
                "insert into limit_node (node, name, batch, tenure_ends_millis) values (?, ?, ?, "
                        + now
                        + " + ?)",
                node,
                name,
                batch,
                tenureMillis);
    }

    /** Returns false when the node's tenure has ended: its shares are not its own any more. */
    boolean renew(Sql sql, String node, long batch, long tenureMillis) throws SQLException {
        return sql.update(
                        "update limit_node set batch = ?, tenure_ends_millis = "
                                + now
                                + " + ? where node = ? and ended_millis is null"
                                + " and tenure_ends_millis > "
                                + now,
                        batch,
                        tenureMillis,
                        node)
                == 1;
    }

    /** The number of the node's last batch; waits for one that is being written. */
    long batch(Sql sql, String node) throws SQLException {
        return sql.one(
                        "update limit_node set batch = batch where node = ? returning batch",
                        row -> row.number("batch"),
                        node)
                .orElse(-1L);
    }

    /** Ends a node and gives back its shares. */
    void end(Sql sql, String node) throws SQLException {
        sql.update(
                "update limit_node set ended_millis = "
                        + now
                        + " where node = ? and ended_millis is null",
                node);
        sql.update("delete from limit_share where node = ?", node);
    }

    /** Ends all nodes whose tenure is over; nodes that are at work meanwhile are passed by. */
    int endDead(Sql sql) throws SQLException {
        List<String> dead =
                sql.query(
                        "update limit_node set ended_millis = "
                                + now
                                + " where node in (select node from limit_node where ended_millis"
                                + " is null and tenure_ends_millis <= "
                                + now
                                + skipLocked
                                + ") returning node",
                        row -> row.text("node"));
        for (String node : dead) {
            sql.update("delete from limit_share where node = ?", node);
        }
        return dead.size();
    }

    /** Whether no other node is at work. */
    boolean isAlone(Sql sql) throws SQLException {
        return sql.one(
                        "select count(*) as found from limit_node where ended_millis is null",
                        row -> row.number("found") == 1)
                .orElse(false);
    }

    /** Asks the other nodes for what they have free of a limit. */
    int recall(Sql sql, Account.Key key, String node) throws SQLException {
        return sql.update(
                "update limit_share set recalled = 1"
                        + " where tenant = ? and limit_id = ? and start_millis = ? and node <> ?"
                        + " and recalled = 0",
                key.tenant(),
                key.limitId(),
                key.startMillis(),
                node);
    }

    /** Of which of its shares a node is asked for what is free. */
    List<Account.Key> recalled(Sql sql, String node) throws SQLException {
        return sql.query(
                "select tenant, limit_id, start_millis from limit_share"
                        + " where node = ? and recalled = 1",
                row ->
                        new Account.Key(
                                row.text("tenant"),
                                row.text("limit_id"),
                                row.number("start_millis")),
                node);
    }

    /** Locks the row of a limit's period, and makes it when it is the first. */
    Count lock(Sql sql, Account account) throws SQLException {
        Account.Key key = account.key;
        Count count =
                sql.one(
                                """
                                insert into limit_count (tenant, limit_id, start_millis, end_millis,
                                  version, settled, alerted_percent) values (?, ?, ?, ?, 1, '0', 0)
                                on conflict (tenant, limit_id, start_millis)
                                  do update set version = limit_count.version + 1
                                returning settled, alerted_percent, version
                                """,
                                row ->
                                        new Count(
                                                new BigDecimal(row.text("settled")),
                                                Math.toIntExact(row.number("alerted_percent")),
                                                row.number("version")),
                                key.tenant(),
                                key.limitId(),
                                key.startMillis(),
                                account.span.endMillis())
                        .orElseThrow();
        if (count.version == 1) {
            forgetOldPeriods(sql, account);
        }
        return count;
    }

    private static void forgetOldPeriods(Sql sql, Account account) throws SQLException {
        long keptMillis =
                switch (account.limit.period()) {
                    case MINUTE -> MINUTES_KEPT_MILLIS;
                    case HOUR -> HOURS_KEPT_MILLIS;
                    case DAY, WEEK, MONTH, NONE -> 0;
                };
        if (keptMillis > 0) {
            sql.update(
                    "delete from limit_count where tenant = ? and limit_id = ?"
                            + " and start_millis < ?",
                    account.key.tenant(),
                    account.key.limitId(),
                    account.key.startMillis() - keptMillis);
        }
    }

    Rest rest(Sql sql, Account account, String node) throws SQLException {
        List<Rest> rows =
                sql.query(
                        """
                        select l.amount as most, l.ended_millis as ended, s.amount as taken, s.held
                        from usage_limit l left join limit_share s
                          on s.tenant = l.tenant and s.limit_id = l.id and s.start_millis = ?
                          and s.node <> ?
                        where l.tenant = ? and l.id = ?
                        """,
                        ShareTable::rest,
                        account.key.startMillis(),
                        node,
                        account.key.tenant(),
                        account.key.limitId());
        BigDecimal others = BigDecimal.ZERO;
        BigDecimal free = BigDecimal.ZERO;
        for (Rest row : rows) {
            others = others.add(row.others);
            free = free.add(row.othersFree);
        }
        return new Rest(rows.isEmpty() ? null : rows.getFirst().amount, others, free);
    }

    private static Rest rest(Sql.Row row) throws SQLException {
        BigDecimal amount =
                row.numberIf("ended").isPresent() ? null : new BigDecimal(row.text("most"));
        BigDecimal taken = row.textIf("taken").map(BigDecimal::new).orElse(BigDecimal.ZERO);
        BigDecimal held = row.textIf("held").map(BigDecimal::new).orElse(BigDecimal.ZERO);
        return new Rest(amount, taken, taken.subtract(held).max(BigDecimal.ZERO));
    }

    void write(Sql sql, List<@Nullable Object[]> counts, List<@Nullable Object[]> shares)
            throws SQLException {
        sql.updateAll(
                "update limit_count set settled = ?, alerted_percent = ?"
                        + " where tenant = ? and limit_id = ? and start_millis = ?",
                counts);
        sql.updateAll(
                """
                insert into limit_share (tenant, limit_id, start_millis, node, amount, held)
                values (?, ?, ?, ?, ?, ?)
                on conflict (tenant, limit_id, start_millis, node)
                  do update set amount = excluded.amount, held = excluded.held,
                    recalled = case when excluded.amount = excluded.held then 0
                      else limit_share.recalled end
                """,
                shares);
    }

    void dropShares(Sql sql, List<@Nullable Object[]> keys) throws SQLException {
        sql.updateAll(
                "delete from limit_share"
                        + " where tenant = ? and limit_id = ? and start_millis = ? and node = ?",
                keys);
    }

    /** The highest percentage of a limit's alerts that an amount reaches; 0 for none. */
    static int reached(Limit limit, BigDecimal amount, BigDecimal settled) {
        int highest = 0;
        for (int percent : limit.alertPercents()) {
            if (reaches(percent, amount, settled)) {
                highest = percent;
            }
        }
        return highest;
    }

    static boolean reaches(int percent, BigDecimal amount, BigDecimal settled) {
        return amount.signum() > 0
                && settled.movePointRight(2).compareTo(amount.multiply(BigDecimal.valueOf(percent)))
                        >= 0;
    }
}
