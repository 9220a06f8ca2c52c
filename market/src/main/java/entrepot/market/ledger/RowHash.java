package entrepot.market.ledger;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Makes the hashes of rows, one after the other. Not safe for several threads. */
final class RowHash {

    private static final byte NOTHING = 0;
    private static final byte TEXT = 1;
    private static final byte NUMBER = 2;
    private static final int MARK_BYTES = 1 + Long.BYTES;

    private final MessageDigest sha = sha256();
    private ByteBuffer row = ByteBuffer.allocate(4 << 10);

    /**
     * SHA-256 in hex of what a row says. Each value stands there as kind, length, bytes: no two
     * lists of values give the same stream.
     */
    String of(Chain before, @Nullable Object[] values) {
        row.clear();
        add(before.hash());
        add(before.name());
        add(before.sequence() + 1);
        for (Object value : values) {
            if (value instanceof String text) {
                add(text);
            } else if (value instanceof Long number) {
                add(number);
            } else {
                room(MARK_BYTES).put(NOTHING);
            }
        }
        sha.update(row.array(), 0, row.position());
        return HexFormat.of().formatHex(sha.digest());
    }

    private void add(String text) {
        byte[] letters = text.getBytes(StandardCharsets.UTF_8);
        room(MARK_BYTES + letters.length).put(TEXT).putLong(letters.length).put(letters);
    }

    private void add(long number) {
        room(MARK_BYTES).put(NUMBER).putLong(number);
    }

    private ByteBuffer room(int bytes) {
        if (row.remaining() < bytes) {
            row = ByteBuffer.allocate(2 * (row.position() + bytes)).put(row.flip());
        }
        return row;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
