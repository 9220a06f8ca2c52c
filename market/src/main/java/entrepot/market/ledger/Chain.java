package entrepot.market.ledger;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
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

    /** Room for a usual row. */
    private static final int ROW_BYTES = 1024;

    static Chain start(String name) {
        return new Chain(name, 0, "");
    }

    /** The chain with one more row at its end. */
    Chain next(@Nullable Object[] values) {
        var bytes = new ByteArrayOutputStream(ROW_BYTES);
        add(bytes, hash);
        add(bytes, name);
        add(bytes, sequence + 1);
        for (Object value : values) {
            if (value instanceof String text) {
                add(bytes, text);
            } else if (value instanceof Long number) {
                add(bytes, number);
            } else {
                bytes.write(0);
            }
        }
        byte[] digest = sha256().digest(bytes.toByteArray());
        return new Chain(name, sequence + 1, HexFormat.of().formatHex(digest));
    }

    /** Kind, length, bytes: no two lists of values give the same stream. */
    private static void add(ByteArrayOutputStream bytes, String text) {
        byte[] letters = text.getBytes(StandardCharsets.UTF_8);
        bytes.write(1);
        number(bytes, letters.length);
        bytes.writeBytes(letters);
    }

    private static void add(ByteArrayOutputStream bytes, long number) {
        bytes.write(2);
        number(bytes, number);
    }

    private static void number(ByteArrayOutputStream bytes, long number) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes.write((byte) (number >> shift));
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
