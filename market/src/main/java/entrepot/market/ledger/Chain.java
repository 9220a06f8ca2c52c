package entrepot.market.ledger;

import org.jspecify.annotations.Nullable;

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

    static Chain start(String name) {
        return new Chain(name, 0, "");
    }

    /** The chain with one more row at its end. */
    Chain next(@Nullable Object[] values) {
        MessageDigest digest = sha256();
        add(digest, hash);
        add(digest, name);
        add(digest, sequence + 1);
        for (Object value : values) {
            if (value instanceof String text) {
                add(digest, text);
            } else if (value instanceof Long number) {
                add(digest, number);
            } else {
                digest.update((byte) 0);
            }
        }
        return new Chain(name, sequence + 1, HexFormat.of().formatHex(digest.digest()));
    }

    /** Kind, length, bytes: no two lists of values give the same stream. */
    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((byte) 1);
        number(digest, bytes.length);
        digest.update(bytes);
    }

    private static void add(MessageDigest digest, long number) {
        digest.update((byte) 2);
        number(digest, number);
    }

    private static void number(MessageDigest digest, long number) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            digest.update((byte) (number >> shift));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
