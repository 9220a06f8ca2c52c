package entrepot.market.ledger;

import entrepot.market.Money;
import entrepot.market.ledger.books.Account;
import entrepot.market.ledger.books.Posting;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * A posting of a row of form 2, in the table they had. The hash of its row of the ledger covers it;
 * the checksum only tells which of them was changed.
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

    /** Where the values stand that its row's hash covers, and how many they are. */
    static final int HASHED_FROM = 4;

    static final int HASHED = 5;

    /** The columns that the checksum covers; it stands behind them. */
    private static final int CHECKED = NAMES.size() - 1;

    private static final int BYTES = 256;

    private PostingRow() {}

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
        return Long.valueOf(checksum(stored)).equals(stored[CHECKED]);
    }

    /** Of the columns before the checksum: numbers from their low byte on, a mark after each. */
    static long checksum(@Nullable Object[] row) {
        var bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        var crc = new CRC32C();
        for (int i = 0; i < CHECKED; i++) {
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

    static Posting posting(@Nullable Object[] stored) {
        return new Posting(
                Account.valueOf(text(stored[4])),
                text(stored[5]),
                Money.of(text(stored[6]), text(stored[7])),
                (String) stored[8]);
    }

    private static String text(@Nullable Object value) {
        return (String) Objects.requireNonNull(value);
    }
}
