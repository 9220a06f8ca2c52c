package entrepot.identity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;

/** The hash of an entry: over the hash before it, its number, and all it says. */
final class AuditChain {

    static final byte[] START = new byte[32];

    private AuditChain() {}

    /** Each text goes in with its length, so that no two entries read as the same bytes. */
    static byte[] next(byte[] before, long seq, Audit.Entry entry) {
        MessageDigest digest = KeyText.sha256();
        digest.update(before);
        digest.update(number(seq));
        digest.update(number(entry.at().toEpochMilli()));
        text(digest, entry.tenant());
        text(digest, entry.principal());
        text(digest, entry.act());
        digest.update(number(entry.details().size()));
        for (Map.Entry<String, String> detail : new TreeMap<>(entry.details()).entrySet()) {
            text(digest, detail.getKey());
            text(digest, detail.getValue());
        }
        return digest.digest();
    }

    private static void text(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(number(bytes.length));
        digest.update(bytes);
    }

    private static byte[] number(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
