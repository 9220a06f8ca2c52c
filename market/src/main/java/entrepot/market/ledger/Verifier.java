package entrepot.market.ledger;

import entrepot.market.ledger.Ledger.Verification;
import entrepot.market.ledger.Walk.Stored;
import entrepot.market.ledger.books.Posting;
import entrepot.store.Database;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Follows every chain from its first row to its last: finds a row or a posting that was changed,
 * taken out, put in between or moved, and says where.
 */
final class Verifier {

    private final Database database;
    private final Progress progress;
    private final long rowsAll;
    private final RowHash hashes = new RowHash();
    private long rows;

    private Verifier(Database database, Progress progress) {
        this.database = database;
        this.progress = progress;
        this.rowsAll = Walk.rowsAll(database);
    }

    static Verification verify(Database database, Progress progress) {
        var verifier = new Verifier(database, progress);
        for (String name : Walk.chains(database)) {
            String flaw = verifier.chain(name);
            if (flaw != null) {
                return new Verification(verifier.rows, flaw);
            }
        }
        return new Verification(verifier.rows, null);
    }

    private @Nullable String chain(String name) {
        Chain end = end(name);
        if (end == null) {
            return "chain " + name + ": it has no end, so nobody can say whether rows are missing";
        }
        Chain chain = Chain.start(name);
        List<Stored> page;
        do {
            long after = chain.sequence();
            page = database.read(sql -> Walk.page(sql, name, after));
            for (Stored stored : page) {
                String flaw = flaw(chain, stored);
                if (flaw != null) {
                    return flaw;
                }
                chain = new Chain(name, stored.sequence(), stored.hash());
                if (chain.sequence() == end.sequence() && !chain.hash().equals(end.hash())) {
                    return "chain "
                            + name
                            + ": its end is not what row "
                            + end.sequence()
                            + " says";
                }
                rows++;
            }
            progress.at(rows, Math.max(rows, rowsAll));
        } while (page.size() == Walk.PAGE_ROWS);
        if (chain.sequence() < end.sequence()) {
            return "chain %s: rows %d to %d are missing at its end"
                    .formatted(name, chain.sequence() + 1, end.sequence());
        }
        return beyond(chain);
    }

    /** What stands after the last row, or before the first. */
    private @Nullable String beyond(Chain last) {
        Chain end = end(last.name());
        if (end == null || last.sequence() > end.sequence()) {
            return "chain %s: row %d stands after its end".formatted(last.name(), last.sequence());
        }
        Optional<Long> orphan =
                database.read(sql ->
                        sql.one(
                                        "select min(p.sequence) as sequence from posting p"
                                                + " where p.chain = ? and (p.sequence <= 0"
                                                + " or p.sequence > ?) and not exists (select 1"
                                                + " from receipt r where r.chain = p.chain"
                                                + " and r.sequence = p.sequence)",
                                        row -> row.numberIf("sequence"),
                                        last.name(),
                                        last.sequence())
                                .flatMap(sequence -> sequence));
        return orphan.isEmpty()
                ? null
                : "chain %s: row %d has postings, and is not there"
                        .formatted(last.name(), orphan.get());
    }

    private @Nullable Chain end(String name) {
        Optional<Chain> end =
                database.read(sql ->
                        sql.one(
                                "select sequence, hash from ledger_chain where chain = ?",
                                row -> new Chain(name, row.number("sequence"), row.text("hash")),
                                name));
        return end.orElse(null);
    }

    private @Nullable String flaw(Chain before, Stored stored) {
        if (stored.sequence() != before.sequence() + 1) {
            return "chain %s: row %d is missing before row %d"
                    .formatted(before.name(), before.sequence() + 1, stored.sequence());
        }
        String where = "chain %s: row %d".formatted(before.name(), stored.sequence());
        String posting = ofPostings(where, stored);
        if (posting != null) {
            return posting;
        }
        Chain expected = before.next(hashes, hashed(stored));
        return stored.hash().equals(expected.hash())
                ? balance(where, stored)
                : "%s is not what was written (receipt %s)".formatted(where, stored.receiptId());
    }

    /** What is wrong with the postings that stand in the table they had. */
    private static @Nullable String ofPostings(String where, Stored stored) {
        if (stored.values()[ReceiptRow.FIRST_FORM_COLUMNS] == null) {
            boolean more =
                    Arrays.stream(stored.values())
                            .skip(ReceiptRow.FIRST_FORM_COLUMNS)
                            .anyMatch(Objects::nonNull);
            return more || !stored.postings().isEmpty() ? more(where, stored) : null;
        }
        if (!stored.isOfSecondForm()) {
            return stored.postings().isEmpty() ? null : more(where, stored);
        }
        if (stored.values()[ReceiptRow.SECOND_FORM_COLUMNS] != null) {
            return more(where, stored);
        }
        for (@Nullable Object[] posting : stored.postings()) {
            if (!PostingRow.whole(posting)) {
                return "%s: posting %s is not what was written (receipt %s)"
                        .formatted(where, posting[2], stored.receiptId());
            }
        }
        return counted(where, stored, stored.postings().size());
    }

    private static String more(String where, Stored stored) {
        return "%s is not what was written (receipt %s): it says more than rows of its form"
                .formatted(where, stored.receiptId());
    }

    private static @Nullable String counted(String where, Stored stored, int there) {
        Object counted = stored.values()[ReceiptRow.SECOND_FORM_COLUMNS - 1];
        return Long.valueOf(there).equals(counted)
                ? null
                : "%s has %s postings, and %d are there (receipt %s)"
                        .formatted(where, counted, there, stored.receiptId());
    }

    /** What is wrong with a row that is as it was written. */
    private static @Nullable String balance(String where, Stored stored) {
        if (stored.values()[ReceiptRow.FIRST_FORM_COLUMNS] == null) {
            return null;
        }
        List<Posting> said = stored.said();
        var sums = new HashMap<String, BigDecimal>();
        for (Posting posting : said) {
            sums.merge(posting.amount().currency(), posting.amount().amount(), BigDecimal::add);
        }
        boolean balanced = sums.values().stream().allMatch(sum -> sum.signum() == 0);
        return balanced
                ? counted(where, stored, said.size())
                : "%s: its postings do not balance: %s (receipt %s)"
                        .formatted(where, sums, stored.receiptId());
    }

    /** The values that the row's hash covers. */
    private static @Nullable Object[] hashed(Stored stored) {
        if (stored.values()[ReceiptRow.FIRST_FORM_COLUMNS] == null) {
            return Arrays.copyOf(stored.values(), ReceiptRow.FIRST_FORM_COLUMNS);
        }
        if (!stored.isOfSecondForm()) {
            return stored.values();
        }
        int columns = ReceiptRow.SECOND_FORM_COLUMNS;
        var values =
                Arrays.copyOf(
                        stored.values(), columns + stored.postings().size() * PostingRow.HASHED);
        for (int i = 0; i < stored.postings().size(); i++) {
            System.arraycopy(
                    stored.postings().get(i),
                    PostingRow.HASHED_FROM,
                    values,
                    columns + i * PostingRow.HASHED,
                    PostingRow.HASHED);
        }
        return values;
    }
}
