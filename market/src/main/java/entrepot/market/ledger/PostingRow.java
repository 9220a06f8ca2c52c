package entrepot.market.ledger;

import entrepot.market.Money;
import entrepot.market.ledger.books.Account;
import entrepot.market.ledger.books.Posting;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.zip.CRC32C;

/**
 * A posting as columns. The hash of its row of the ledger covers {@link #hashed}; the checksum only
 * tells which of them was changed.
 */
final class PostingRow {

    static final String COLUMNS =
            "chain, sequence, number, tenant, account, party, amount, currency, rule, crc";

    static final String INSERT =
            "insert into posting (" + COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    /** Values of a posting that its row's hash covers. */
    static final int HASHED = 5;

    private PostingRow() {}

    static void hashed(Posting posting, @Nullable Object[] into, int from) {
        into[from] = posting.account().name();
        into[from + 1] = posting.party();
        into[from + 2] = posting.amount().amount().toPlainString();
        into[from + 3] = posting.amount().currency();
        into[from + 4] = posting.rule();
    }

    /**
     * @param hashed where the row's values stand from {@code from} on
     */
    static @Nullable Object[] row(
            Chain place, int number, String tenant, @Nullable Object[] hashed, int from) {
        var row =
                new @Nullable Object[] {
                    place.name(),
                    place.sequence(),
                    (long) number,
                    tenant,
                    hashed[from],
                    hashed[from + 1],
                    hashed[from + 2],
                    hashed[from + 3],
                    hashed[from + 4],
                    null
                };
        row[9] = checksum(row);
        return row;
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
        return Long.valueOf(checksum(stored)).equals(stored[9]);
    }

    private static long checksum(@Nullable Object[] row) {
        var crc = new CRC32C();
        for (int i = 0; i < 9; i++) {
            Object value = row[i];
            if (value instanceof Long number) {
                for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
                    crc.update((int) (number >>> shift) & 0xff);
                }
            } else if (value != null) {
                crc.update(value.toString().getBytes(StandardCharsets.UTF_8));
            }
            crc.update(value == null ? 1 : 0);
        }
        return crc.getValue();
    }

    static Posting read(Sql.Row row) throws SQLException {
        return new Posting(
                Account.valueOf(row.text("account")),
                row.text("party"),
                Money.of(row.text("amount"), row.text("currency")),
                row.textIf("rule").orElse(null));
    }
}
