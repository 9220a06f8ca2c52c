package entrepot.market.ledger;

import entrepot.market.Money;
import entrepot.market.ledger.books.Account;
import entrepot.market.ledger.books.Posting;
import entrepot.store.Sql;
import entrepot.store.rows.Inserts;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * A posting as columns. The hash of its row of the ledger covers {@link #hashed}; the checksum only
 * tells which of them was changed.
 */
final class PostingRow {

    private static final List<String> NAMES =
            List.of(
                    "chain",
                    "sequence",
                    "number",
                    "tenant",
                    "account",
                    "party",
                    "amount",
                    "currency",
                    "rule",
                    "crc");

    static final String COLUMNS = String.join(", ", NAMES);

    /** Values of a posting that its row's hash covers. */
    static final int HASHED = 5;

    /** How many postings one statement inserts. */
    static final int TOGETHER_MAX = 8;

    /** The columns that the checksum covers; it stands behind them. */
    private static final int CHECKED = NAMES.size() - 1;

    private static final int BYTES = 256;

    private PostingRow() {}

    static void hashed(Posting posting, @Nullable Object[] into, int from) {
        into[from] = posting.account().name();
        into[from + 1] = posting.party();
        into[from + 2] = posting.amount().amount().toPlainString();
        into[from + 3] = posting.amount().currency();
        into[from + 4] = posting.rule();
    }

    static Inserts inserts() {
        return new Inserts("posting", NAMES, Set.of("number", "account", "currency"), "");
    }

    /**
     * Rows of all columns behind one another.
     *
     * @param values of the row of the ledger, its postings behind them
     * @param first number of a posting
     * @param end the number after the last
     */
    static @Nullable Object[] rows(
            Chain place, String tenant, @Nullable Object[] values, int first, int end) {
        var rows = new @Nullable Object[(end - first) * NAMES.size()];
        Long sequence = place.sequence();
        for (int number = first; number < end; number++) {
            int at = (number - first) * NAMES.size();
            rows[at] = place.name();
            rows[at + 1] = sequence;
            rows[at + 2] = (long) number;
            rows[at + 3] = tenant;
            int hashed = ReceiptRow.COLUMNS.size() + number * HASHED;
            System.arraycopy(values, hashed, rows, at + 4, HASHED);
            rows[at + CHECKED] = checksum(rows, at);
        }
        return rows;
    }

    /** As stored, all columns. */
    static @Nullable Object[] stored(Sql.Row row) throws SQLException {
        return new @Nullable Object[] {
            row.text("chain"),
            row.number("sequence"),
            row.number("number"),
            row.text("tenant"),
            row.text("account"),
            row.text("party"),
            row.text("amount"),
            row.text("currency"),
            row.textIf("rule").orElse(null),
            row.number("crc")
        };
    }

    static boolean whole(@Nullable Object[] stored) {
        return Long.valueOf(checksum(stored, 0)).equals(stored[CHECKED]);
    }

    /** Of the columns before the checksum: numbers from their low byte on, a mark after each. */
    private static long checksum(@Nullable Object[] row, int from) {
        var bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        var crc = new CRC32C();
        for (int i = from; i < from + CHECKED; i++) {
            Object value = row[i];
            if (value instanceof Long number) {
                room(bytes, crc, Long.BYTES).putLong(number);
            } else if (value != null) {
                byte[] letters = value.toString().getBytes(StandardCharsets.UTF_8);
                if (letters.length > BYTES) {
                    crc.update(bytes.flip());
                    bytes.clear();
                    crc.update(letters);
                } else {
                    room(bytes, crc, letters.length).put(letters);
                }
            }
            room(bytes, crc, 1).put((byte) (value == null ? 1 : 0));
        }
        crc.update(bytes.flip());
        return crc.getValue();
    }

    private static ByteBuffer room(ByteBuffer bytes, CRC32C crc, int count) {
        if (bytes.remaining() < count) {
            crc.update(bytes.flip());
            bytes.clear();
        }
        return bytes;
    }

    static Posting read(Sql.Row row) throws SQLException {
        return new Posting(
                Account.valueOf(row.text("account")),
                row.text("party"),
                Money.of(row.text("amount"), row.text("currency")),
                row.textIf("rule").orElse(null));
    }
}
