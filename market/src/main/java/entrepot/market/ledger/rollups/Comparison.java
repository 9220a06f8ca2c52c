package entrepot.market.ledger.rollups;

import entrepot.store.Sql;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Stored sums beside what they should be. */
public final class Comparison {

    public static final int DIFFERENCES_MAX = 100;

    private Comparison() {}

    /**
     * What differs in the sums of one chain, in words; at most {@link #DIFFERENCES_MAX}.
     *
     * @param changes all that was ever written to the chain
     */
    public static List<String> of(Sql sql, String chain, List<Change> changes) throws SQLException {
        var buckets = new HashMap<RollupKey, Sums>();
        var balances = new HashMap<BalanceKey, BigDecimal>();
        for (Change change : changes) {
            change.buckets()
                    .forEach(
                            (key, sums) -> buckets.computeIfAbsent(key, _ -> new Sums()).add(sums));
            change.balances().forEach((key, more) -> balances.merge(key, more, BigDecimal::add));
        }
        var found = new ArrayList<String>();
        buckets(sql, chain, buckets, found);
        balances(sql, chain, balances, found);
        return found.stream().sorted().limit(DIFFERENCES_MAX).toList();
    }

    private static void buckets(
            Sql sql, String chain, Map<RollupKey, Sums> expected, List<String> found)
            throws SQLException {
        sql.query(
                "select "
                        + RollupKey.COLUMNS
                        + ", "
                        + RollupTable.VALUES
                        + " from ledger_rollup where chain = ?",
                row -> {
                    RollupKey key = RollupTable.key(row);
                    Sums sums = RollupTable.sums(row);
                    Sums right = expected.remove(key);
                    if (right == null || !right.equals(sums)) {
                        add(found, chain, key, sums + ", rows add up to " + right);
                    }
                    return true;
                },
                chain);
        expected.forEach((key, sums) -> add(found, chain, key, "nothing, rows add up to " + sums));
    }

    private static void balances(
            Sql sql, String chain, Map<BalanceKey, BigDecimal> expected, List<String> found)
            throws SQLException {
        sql.query(
                "select tenant, month_millis, account, party, currency, micros, attos, rest"
                        + " from ledger_balance where chain = ?",
                row -> {
                    BalanceKey key = RollupTable.balanceKey(row);
                    BigDecimal balance = RollupTable.balance(row);
                    BigDecimal right = expected.remove(key);
                    if (right == null || right.compareTo(balance) != 0) {
                        add(found, chain, key, balance + ", postings add up to " + right);
                    }
                    return true;
                },
                chain);
        expected.forEach((key, sum) -> add(found, chain, key, "nothing, postings say " + sum));
    }

    private static void add(List<String> found, String chain, Record key, String problem) {
        if (found.size() < DIFFERENCES_MAX) {
            found.add("chain " + chain + ", " + key + ": stored is " + problem);
        }
    }
}
