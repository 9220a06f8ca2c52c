package entrepot.market.ledger;

import entrepot.market.ledger.books.Posting;
import entrepot.store.Database;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads a chain from its begin to its end, a page at a time, each row with its postings. */
final class Walk {

    static final int PAGE_ROWS = 1_000;

    private static final String PAGE =
            "select sequence, hash, "
                    + String.join(", ", ReceiptRow.COLUMNS)
                    + " from receipt where chain = ? and sequence > ? order by sequence limit "
                    + PAGE_ROWS;
    private static final String POSTINGS =
            "select "
                    + PostingRow.COLUMNS
                    + " from posting where chain = ? and sequence > ? and sequence <= ?"
                    + " order by sequence, number";

    private Walk() {}

    /**
     * A row as it is stored now.
     *
     * @param values of {@link ReceiptRow#COLUMNS}
     * @param postings of the table they had, with all their columns, in order
     */
    record Stored(
            long sequence,
            String hash,
            @Nullable Object[] values,
            List<@Nullable Object[]> postings) {

        boolean isOfSecondForm() {
            return Long.valueOf(ReceiptRow.SECOND).equals(values[ReceiptRow.FIRST_FORM_COLUMNS]);
        }

        /** Its postings, wherever they stand. */
        List<Posting> said() {
            return isOfSecondForm()
                    ? postings.stream().map(PostingRow::posting).toList()
                    : Entries.read((String) values[values.length - 1]);
        }

        String receiptId() {
            return String.valueOf(values[0]);
        }
    }

    /** The names of all chains, also of those that have lost all their rows. */
    static List<String> chains(Database database) {
        return database.read(sql ->
                sql.query(
                        "select chain from ledger_chain union select distinct chain from receipt"
                                + " union select distinct chain from posting order by chain",
                        row -> row.text("chain")));
    }

    /** About how many rows there are. */
    static long rowsAll(Database database) {
        return database.read(sql ->
                        sql.one(
                                "select cast(coalesce(sum(sequence), 0) as bigint) as all_rows"
                                        + " from ledger_chain",
                                row -> row.number("all_rows")))
                .orElse(0L);
    }

    /** The rows after a place; postings of places that have no row are left to the caller. */
    static List<Stored> page(Sql sql, String chain, long after) throws SQLException {
        List<Stored> rows =
                sql.query(
                        PAGE,
                        row ->
                                new Stored(
                                        row.number("sequence"),
                                        row.text("hash"),
                                        ReceiptRow.stored(row),
                                        new ArrayList<>()),
                        chain,
                        after);
        if (rows.isEmpty()) {
            return rows;
        }
        Map<Long, Stored> bySequence = new HashMap<>(2 * rows.size());
        rows.forEach(row -> bySequence.put(row.sequence(), row));
        long last = rows.getLast().sequence();
        for (@Nullable Object[] posting :
                sql.query(POSTINGS, PostingRow::stored, chain, after, last)) {
            Stored row = bySequence.get(posting[1]);
            if (row != null) {
                row.postings().add(posting);
            }
        }
        return rows;
    }
}
