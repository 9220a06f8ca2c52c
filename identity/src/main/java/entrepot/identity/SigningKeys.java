package entrepot.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Pairs of an access key id and a secret that requests are signed with. A verifier must have the
 * secret itself, not its hash; so it is made from the id and one master secret of the system, and
 * nothing that is stored gives it away.
 */
final class SigningKeys {

    /** As AWS's, with a beginning of its own. */
    private static final String BEGINNING = "EKIA";

    private static final int RANDOM_DIGITS = 16;
    private static final Pattern ID = Pattern.compile(BEGINNING + "[0-9A-Z]{16}");
    private static final int MASTER_LENGTH_MIN = 32;

    private final Secret master;

    /**
     * @throws IllegalArgumentException when the master secret could be guessed
     */
    SigningKeys(Secret master) {
        if (master.reveal().length() < MASTER_LENGTH_MIN || KeyText.guessable(master)) {
            throw new IllegalArgumentException(
                    "The master secret of signing keys must be random, of at least "
                            + MASTER_LENGTH_MIN
                            + " letters.");
        }
        this.master = master;
    }

    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /**
     * @param random a secure one
     */
    static String randomId(RandomGenerator random) {
        StringBuilder id = new StringBuilder(BEGINNING);
        Base32.appendRandom(id, random, RANDOM_DIGITS);
        return id.toString().toUpperCase(Locale.ROOT);
    }

    /** The secret access key of an id: 43 letters of base64. */
    Secret secretOf(String accessKeyId) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(
                    new SecretKeySpec(
                            master.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] made = mac.doFinal(accessKeyId.getBytes(StandardCharsets.US_ASCII));
            return new Secret(Base64.getEncoder().withoutPadding().encodeToString(made));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no HMAC-SHA256.", e);
        }
    }
}
