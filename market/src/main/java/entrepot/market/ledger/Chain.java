package entrepot.market.ledger;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The last row of one writer's chain. Each row's hash covers its own place and values and the hash
 * before it, so that no row can be changed, taken out or put in between without every later hash
 * being wrong.
 *
 * @param sequence 0 before the first row
 * @param hash SHA-256 in hex
 */
record Chain(String name, long sequence, String hash) {

    private static final byte TEXT = 1;
    private static final byte NUMBER = 2;

    static Chain start(String name) {
        return new Chain(name, 0, "");
    }

    /** The chain with one more row at its end. */
    Chain next(@Nullable Object[] values) {
        MessageDigest sha = sha256();
        ByteBuffer mark = ByteBuffer.allocate(1 + Long.BYTES);
        add(sha, mark, hash);
        add(sha, mark, name);
        add(sha, mark, sequence + 1);
        for (Object value : values) {
            if (value instanceof String text) {
                add(sha, mark, text);
            } else if (value instanceof Long number) {
                add(sha, mark, number);
            } else {
                sha.update((byte) 0);
            }
        }
        return new Chain(name, sequence + 1, HexFormat.of().formatHex(sha.digest()));
    }

    /** Kind, length, bytes: no two lists of values give the same stream. */
    private static void add(MessageDigest sha, ByteBuffer mark, String text) {
        byte[] letters = text.getBytes(StandardCharsets.UTF_8);
        sha.update(mark.clear().put(TEXT).putLong(letters.length).flip());
        sha.update(letters);
    }

    private static void add(MessageDigest sha, ByteBuffer mark, long number) {
        sha.update(mark.clear().put(NUMBER).putLong(number).flip());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
