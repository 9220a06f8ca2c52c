package entrepot.market.ledger;

import entrepot.market.ledger.Walk.Stored;
import entrepot.market.ledger.rollups.Change;
import entrepot.market.ledger.rollups.Comparison;
import entrepot.market.ledger.rollups.RollupWriter;
import entrepot.store.Database;
import entrepot.store.Sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Adds the ledger's rows up again. */
final class Rebuild {

    private static final int BUCKETS_MAX = 2_000_000;

    private Rebuild() {}

    /** What rows add up to, from the first to a place. */
    private record Sum(Change change, Chain upTo) {}

    /**
     * Adds up what is not in the sums yet: what was written before there were any, and by an older
     * program since.
     */
    static void catchUp(Database database, String own) {
        List<String> behind =
                database.read(sql ->
                        sql.query(
                                "select chain from ledger_chain where sequence = 0",
                                row -> row.text("chain")));
        var names = new TreeSet<>(behind);
        names.add(own);
        for (String name : names) {
            // Another node may do the same: whoever is second finds nothing left to add.
            while (database.read(sql -> behind(sql, name))) {
                database.write(sql -> step(sql, name));
            }
        }
    }

    private static boolean behind(Sql sql, String name) throws SQLException {
        return !sql.query(
                        "select sequence from receipt where chain = ? and sequence > ? limit 1",
                        row -> row.number("sequence"),
                        name,
                        end(sql, name).sequence())
                .isEmpty();
    }

    /** Adds one page; returns how many rows it had. */
    private static int step(Sql sql, String name) throws SQLException {
        Chain before = end(sql, name);
        List<Stored> page = Walk.page(sql, name, before.sequence());
        if (page.isEmpty()) {
            return 0;
        }
        var change = new Change();
        page.forEach(row -> add(change, row));
        new RollupWriter(name).write(sql, change);
        Stored last = page.getLast();
        sql.update(RowWriter.END, name, last.sequence(), last.hash());
        return page.size();
    }

    /**
     * Compares the sums with what the rows add up to.
     *
     * @return the differences, at most 100; empty when there are none
     */
    static List<String> compare(Database database, Progress progress) {
        var differences = new ArrayList<String>();
        long rowsAll = Walk.rowsAll(database);
        long[] rows = {0};
        for (String name : Walk.chains(database)) {
            var sum = new Sum(new Change(), Chain.start(name));
            List<Stored> page;
            do {
                long after = sum.upTo().sequence();
                page = database.read(sql -> Walk.page(sql, name, after));
                sum = add(sum, page);
                rows[0] += page.size();
                progress.at(rows[0], Math.max(rows[0], rowsAll));
            } while (page.size() == Walk.PAGE_ROWS);
            Sum walked = sum;
            differences.addAll(database.read(sql -> compare(sql, walked)));
        }
        return differences.stream().limit(Comparison.DIFFERENCES_MAX).toList();
    }

    /** In one snapshot: what was written meanwhile is added before the sums are read. */
    private static List<String> compare(Sql sql, Sum walked) throws SQLException {
        String name = walked.upTo().name();
        var more = new Change();
        Chain upTo = walked.upTo();
        List<Stored> page;
        do {
            page = Walk.page(sql, name, upTo.sequence());
            for (Stored row : page) {
                add(more, row);
                upTo = new Chain(name, row.sequence(), row.hash());
            }
        } while (page.size() == Walk.PAGE_ROWS);
        return Comparison.of(sql, name, List.of(walked.change(), more));
    }

    private static Sum add(Sum sum, List<Stored> page) {
        if (page.isEmpty()) {
            return sum;
        }
        page.forEach(row -> add(sum.change(), row));
        if (sum.change().size() > BUCKETS_MAX) {
            throw new IllegalStateException(
                    "chain "
                            + sum.upTo().name()
                            + " adds up to more than "
                            + BUCKETS_MAX
                            + " sums, more than this process compares at once");
        }
        Stored last = page.getLast();
        return new Sum(sum.change(), new Chain(sum.upTo().name(), last.sequence(), last.hash()));
    }

    private static void add(Change change, Stored row) {
        Entry entry = ReceiptRow.entry(row.values());
        change.add(entry.receipt(), entry.kind(), entry.aboutMillis(), row.said());
    }

    private static Chain end(Sql sql, String name) throws SQLException {
        return sql.one(
                        "select sequence, hash from ledger_chain where chain = ?",
                        row -> new Chain(name, row.number("sequence"), row.text("hash")),
                        name)
                .orElse(Chain.start(name));
    }
}
