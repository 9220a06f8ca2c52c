package entrepot.market.ledger.rollups;

import entrepot.store.Sql;
import entrepot.store.rows.Inserts;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Keeps the sums of one chain. It remembers those it wrote last, so that most are written without
 * being read: nobody else writes them as long as the chain itself is this writer's. Not safe for
 * several threads.
 */
public final class RollupWriter {

    private static final int REMEMBERED_MAX = 20_000;

    private final String chain;
    private final Inserts upserts = RollupTable.upserts();
    private final Inserts balanceUpserts = RollupTable.balanceUpserts();
    private final LinkedHashMap<RollupKey, Sums> buckets = new LinkedHashMap<>();
    private final LinkedHashMap<BalanceKey, BigDecimal> balances = new LinkedHashMap<>();

    public RollupWriter(String chain) {
        this.chain = chain;
    }

    /** What was written and is to be {@link #remember}ed once it is durable. */
    public static final class Written {

        private final Map<RollupKey, Sums> buckets;
        private final Map<BalanceKey, BigDecimal> balances;

        private Written(Map<RollupKey, Sums> buckets, Map<BalanceKey, BigDecimal> balances) {
            this.buckets = buckets;
            this.balances = balances;
        }
    }

    /** Writes the sums as the change makes them. Changes nothing in memory: it may run again. */
    public Written write(Sql sql, Change change) throws SQLException {
        var newBuckets = new HashMap<RollupKey, Sums>();
        var rows = new ArrayList<@Nullable Object[]>();
        for (Map.Entry<RollupKey, Sums> each : change.buckets().entrySet()) {
            Sums sums = before(sql, each.getKey()).add(each.getValue());
            newBuckets.put(each.getKey(), sums);
            rows.add(RollupTable.row(each.getKey(), chain, sums));
        }
        upserts.write(sql, rows);
        var newBalances = new HashMap<BalanceKey, BigDecimal>();
        var balanceRows = new ArrayList<@Nullable Object[]>();
        for (Map.Entry<BalanceKey, BigDecimal> each : change.balances().entrySet()) {
            BigDecimal balance = before(sql, each.getKey()).add(each.getValue());
            newBalances.put(each.getKey(), balance);
            balanceRows.add(RollupTable.row(each.getKey(), chain, balance));
        }
        balanceUpserts.write(sql, balanceRows);
        return new Written(newBuckets, newBalances);
    }

    /** After the commit. */
    public void remember(Written written) {
        keep(buckets, written.buckets);
        keep(balances, written.balances);
    }

    /** After a failure: nobody knows what is there. */
    public void forget() {
        buckets.clear();
        balances.clear();
    }

    private Sums before(Sql sql, RollupKey key) throws SQLException {
        Sums known = buckets.get(key);
        if (known != null) {
            return known.copy();
        }
        @Nullable Object[] where = java.util.Arrays.copyOf(key.values(), 14);
        where[13] = chain;
        return sql.one(RollupTable.ONE, RollupTable::sums, where).orElseGet(Sums::new);
    }

    private BigDecimal before(Sql sql, BalanceKey key) throws SQLException {
        BigDecimal known = balances.get(key);
        if (known != null) {
            return known;
        }
        return sql.one(
                        RollupTable.ONE_BALANCE,
                        RollupTable::balance,
                        key.tenant(),
                        key.monthMillis(),
                        key.account().name(),
                        key.party(),
                        key.currency(),
                        chain)
                .orElse(BigDecimal.ZERO);
    }

    /** Keeps those written last. */
    private static <K, V> void keep(SequencedMap<K, V> kept, Map<K, V> more) {
        more.forEach(kept::putLast);
        while (kept.size() > REMEMBERED_MAX) {
            kept.pollFirstEntry();
        }
    }
}
