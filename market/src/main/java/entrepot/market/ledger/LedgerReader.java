package entrepot.market.ledger;

import entrepot.market.ledger.Ledger.Verification;
import entrepot.store.Database;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Shows the ledger's rows with their postings, and checks them. */
public final class LedgerReader {

    private static final int ROWS_MAX = 1_000;
    private static final String SELECT =
            "select chain, sequence, hash, "
                    + String.join(", ", ReceiptRow.COLUMNS)
                    + " from receipt where tenant = ? and ";

    private final Database database;

    public LedgerReader(Database database) {
        this.database = database;
    }

    /**
     * The tenant's rows, newest first, corrections among them.
     *
     * @param before only rows whose id is less, such as the last of the page before; null for all
     * @param countMax at most 1,000
     */
    public List<LedgerRow> rows(String tenant, @Nullable String before, int countMax) {
        long limit = Math.clamp(countMax, 1, ROWS_MAX);
        return database.read(sql ->
                withPostings(
                        sql,
                        before == null
                                ? sql.query(
                                        SELECT + "id > '' order by id desc limit ?",
                                        LedgerReader::bare,
                                        tenant,
                                        limit)
                                : sql.query(
                                        SELECT + "id < ? order by id desc limit ?",
                                        LedgerReader::bare,
                                        tenant,
                                        before,
                                        limit)));
    }

    /** One row; empty when the tenant has none of that id. */
    public Optional<LedgerRow> row(String tenant, String id) {
        return database
                .read(sql ->
                        withPostings(
                                sql, sql.query(SELECT + "id = ?", LedgerReader::bare, tenant, id)))
                .stream()
                .findFirst();
    }

    /** The corrections of a receipt, oldest first. */
    public List<LedgerRow> corrections(String tenant, String id) {
        List<LedgerRow> rows =
                database.read(sql ->
                        withPostings(
                                sql,
                                sql.query(
                                        SELECT + "about = ? limit " + ROWS_MAX,
                                        LedgerReader::bare,
                                        tenant,
                                        id)));
        return rows.stream()
                .sorted(
                        Comparator.comparingInt(LedgerReader::revision)
                                .thenComparing(row -> row.entry().kind()))
                .toList();
    }

    /** The number in an id such as {@code rcpt_1~2r}. */
    private static int revision(LedgerRow correction) {
        String id = correction.entry().receipt().id();
        return Integer.parseInt(id.substring(id.lastIndexOf('~') + 1).replace("r", ""));
    }

    /** Recomputes every hash of every chain, of all tenants. Takes about a minute per million. */
    public Verification verify(Progress progress) {
        return Verifier.verify(database, progress);
    }

    /**
     * Adds up all rows of all tenants and compares with the sums that were kept.
     *
     * @return what differs, at most 100; empty when nothing does
     */
    public List<String> rebuild(Progress progress) {
        return Rebuild.compare(database, progress);
    }

    private static LedgerRow bare(Sql.Row row) throws SQLException {
        return new LedgerRow(
                row.text("chain"),
                row.number("sequence"),
                row.text("hash"),
                ReceiptRow.entry(row),
                Entries.read(row.textIf("entries").orElse(null)));
    }

    private static List<LedgerRow> withPostings(Sql sql, List<LedgerRow> rows) throws SQLException {
        var whole = new ArrayList<LedgerRow>(rows.size());
        for (LedgerRow row : rows) {
            if (!row.postings().isEmpty()) {
                whole.add(row);
                continue;
            }
            // Rows of form 2 have theirs in a table.
            whole.add(
                    new LedgerRow(
                            row.chain(),
                            row.sequence(),
                            row.hash(),
                            row.entry(),
                            sql.query(
                                    "select "
                                            + PostingRow.COLUMNS
                                            + " from posting where chain = ? and sequence = ?"
                                            + " order by number",
                                    posting -> PostingRow.posting(PostingRow.stored(posting)),
                                    row.chain(),
                                    row.sequence())));
        }
        return whole;
    }
}
