package entrepot.market.ledger;

import entrepot.market.ledger.Ledger.Verification;
import entrepot.store.Database;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Follows every chain from its first row to its last, a page at a time. */
final class Verifier {

    private static final int PAGE_ROWS = 1_000;
    private static final String PAGE =
            "select sequence, hash, "
                    + String.join(", ", ReceiptRow.COLUMNS)
                    + " from receipt where chain = ? and sequence > ? order by sequence limit "
                    + PAGE_ROWS;

    private Verifier() {}

    static Verification verify(Database database) {
        List<String> names =
                database.read(sql ->
                        sql.query(
                                "select distinct chain from receipt order by chain",
                                row -> row.text("chain")));
        long rows = 0;
        for (String name : names) {
            Chain chain = Chain.start(name);
            List<Stored> page;
            do {
                page = page(database, chain);
                for (Stored stored : page) {
                    Chain next = chain.next(stored.values());
                    String flaw = flaw(next, stored);
                    if (flaw != null) {
                        return new Verification(rows, flaw);
                    }
                    chain = next;
                    rows++;
                }
            } while (page.size() == PAGE_ROWS);
        }
        return new Verification(rows, null);
    }

    private static List<Stored> page(Database database, Chain after) {
        return database.read(sql ->
                sql.query(
                        PAGE,
                        row ->
                                new Stored(
                                        row.number("sequence"),
                                        row.text("hash"),
                                        ReceiptRow.stored(row)),
                        after.name(),
                        after.sequence()));
    }

    private static @Nullable String flaw(Chain expected, Stored stored) {
        if (stored.sequence() != expected.sequence()) {
            return "chain "
                    + expected.name()
                    + ": row "
                    + expected.sequence()
                    + " is missing before row "
                    + stored.sequence();
        }
        return stored.hash().equals(expected.hash())
                ? null
                : "chain "
                        + expected.name()
                        + ": row "
                        + stored.sequence()
                        + " is not what was written (receipt "
                        + stored.values()[0]
                        + ")";
    }

    private record Stored(long sequence, String hash, @Nullable Object[] values) {}
}
