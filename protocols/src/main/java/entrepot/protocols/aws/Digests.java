package entrepot.protocols.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** SHA-256, and the chain of HMACs that ends in a signature. */
final class Digests {

    /** SHA-256 in hexadecimal digits. */
    private static final int HEX_CHARS = 64;

    private static final String HMAC = "HmacSHA256";

    private Digests() {}

    static String sha256Hex(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Whether a text is a SHA-256 or a signature in small hexadecimal digits. */
    static boolean isHex(String text) {
        return text.length() == HEX_CHARS
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    /** Signs with the key that a secret has on one day in one region for one service. */
    static String signature(String secret, String day, AwsScope scope, String stringToSign) {
        byte[] ofDay = hmac(("AWS4" + secret).getBytes(UTF_8), day);
        byte[] ofService = hmac(hmac(ofDay, scope.region()), scope.service());
        byte[] key = hmac(ofService, SigV4.TERMINATOR);
        return HexFormat.of().formatHex(hmac(key, stringToSign));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
        }
    }
}
