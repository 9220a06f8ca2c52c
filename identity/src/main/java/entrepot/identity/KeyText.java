package entrepot.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;

/**
 * The text of a key: {@code ek_}, 8 letters that may be shown, {@code _}, and 32 that may not. 160
 * random bits need no slow hash: SHA-256 of the whole text is what is stored and looked up.
 */
final class KeyText {

    /** Longer than any key; what is longer is not worth hashing. */
    static final int LENGTH_MAX = 256;

    private static final int SHOWN_DIGITS = 8;
    private static final int SECRET_DIGITS = 32;
    private static final int PREFIX_LENGTH = 3 + SHOWN_DIGITS;

    /** Shorter, or with fewer different letters, a chosen secret can be guessed. */
    private static final int UNGUESSABLE_LENGTH = 24;

    private static final int UNGUESSABLE_LETTERS = 10;

    private KeyText() {}

    /**
     * @param random a secure one
     */
    static Secret random(RandomGenerator random) {
        StringBuilder text = new StringBuilder(64).append("ek_");
        Base32.appendRandom(text, random, SHOWN_DIGITS);
        text.append('_');
        Base32.appendRandom(text, random, SECRET_DIGITS);
        return new Secret(text.toString());
    }

    /** Enough to recognise a key by: at most a third of a secret that somebody chose. */
    static String prefix(Secret secret) {
        String text = secret.reveal();
        return text.substring(0, Math.min(PREFIX_LENGTH, text.length() / 3));
    }

    static boolean guessable(Secret secret) {
        String text = secret.reveal();
        return text.length() < UNGUESSABLE_LENGTH
                || text.chars().distinct().count() < UNGUESSABLE_LETTERS;
    }

    static byte[] hash(String text) {
        return sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256.", e);
        }
    }
}
