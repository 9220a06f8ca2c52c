package entrepot.market.ledger;

import entrepot.market.Receipt;
import entrepot.market.ledger.books.Posting;
import entrepot.market.ledger.rollups.Change;
import entrepot.market.ledger.rollups.RollupWriter;
import entrepot.store.Sql;
import entrepot.store.rows.Inserts;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes rows at the end of one chain, with their postings and what they add to the sums, in the
 * caller's transaction. Not safe for several threads.
 */
final class RowWriter {

    static final String END =
            "insert into ledger_chain (chain, sequence, hash) values (?, ?, ?)"
                    + " on conflict (chain) do update set sequence = excluded.sequence,"
                    + " hash = excluded.hash";

    private final String chainName;
    private final RollupWriter rollups;
    private final RowHash hashes = new RowHash();
    private final Inserts receipts = ReceiptRow.inserts();
    private @Nullable Chain end;

    RowWriter(String chainName) {
        this.chainName = chainName;
        this.rollups = new RollupWriter(chainName);
    }

    /** A row to be written; its receipt is {@link ReceiptRow#cleaned}. */
    record Draft(Entry entry, List<Posting> postings) {}

    /** What is to be remembered when the transaction is durable. */
    record Written(Chain end, RollupWriter.Written sums) {}

    /** Whether the end of the chain is remembered, so that nothing need be looked up. */
    boolean knows() {
        return end != null;
    }

    void remember(Written written) {
        end = written.end();
        rollups.remember(written.sums());
    }

    void forget() {
        end = null;
        rollups.forget();
    }

    /** May run again: changes nothing in memory. */
    Written write(Sql sql, List<Draft> batch) throws SQLException {
        Chain chain = end == null ? endOfChain(sql) : end;
        List<Draft> fresh = end == null ? unknown(sql, batch) : batch;
        var rows = new ArrayList<@Nullable Object[]>(fresh.size());
        var change = new Change();
        for (Draft draft : fresh) {
            Entry entry = draft.entry();
            @Nullable Object[] values = ReceiptRow.values(entry, draft.postings());
            chain = chain.next(hashes, values);
            rows.add(row(chain, values));
            change.add(entry.receipt(), entry.kind(), entry.aboutMillis(), draft.postings());
        }
        if (!rows.isEmpty()) {
            receipts.write(sql, rows);
            sql.update(END, chain.name(), chain.sequence(), chain.hash());
        }
        return new Written(chain, rollups.write(sql, change));
    }

    private static @Nullable Object[] row(Chain chain, @Nullable Object[] values) {
        var row = new @Nullable Object[ReceiptRow.STORED.size()];
        row[0] = chain.name();
        row[1] = chain.sequence();
        row[2] = chain.hash();
        System.arraycopy(values, 0, row, 3, ReceiptRow.COLUMNS.size());
        return row;
    }

    private Chain endOfChain(Sql sql) throws SQLException {
        return sql.one(
                        "select sequence, hash from receipt where chain = ?"
                                + " order by sequence desc limit 1",
                        row -> new Chain(chainName, row.number("sequence"), row.text("hash")),
                        chainName)
                .orElse(Chain.start(chainName));
    }

    private static List<Draft> unknown(Sql sql, List<Draft> batch) throws SQLException {
        var fresh = new ArrayList<Draft>(batch.size());
        Set<List<String>> seen = new HashSet<>();
        for (Draft draft : batch) {
            Receipt receipt = draft.entry().receipt();
            boolean known =
                    !seen.add(List.of(receipt.tenant(), receipt.id()))
                            || sql.one(
                                            "select 1 as one from receipt"
                                                    + " where tenant = ? and id = ?",
                                            row -> row.number("one"),
                                            receipt.tenant(),
                                            receipt.id())
                                    .isPresent();
            if (!known) {
                fresh.add(draft);
            }
        }
        return fresh;
    }
}
