package entrepot.protocols.google.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.protocols.Seals;

import java.util.Base64;

/**
 * {@code thoughtSignature}: bytes in base64. Another vendor's seal travels in it as the base64 of
 * its text, since clients decode it.
 */
public final class GeminiSignatures {

    private GeminiSignatures() {}

    /** The seal of what stands on the wire. */
    public static String sealed(String wire) {
        String carried = decoded(wire);
        return Seals.isElsewhere(Seals.GOOGLE, carried) ? carried : Seals.seal(Seals.GOOGLE, wire);
    }

    /** What stands on the wire to a caller. */
    public static String written(String sealed) {
        return isOurs(sealed)
                ? Seals.written(Seals.GOOGLE, sealed)
                : Base64.getEncoder().encodeToString(sealed.getBytes(UTF_8));
    }

    /** Whether Google made it: nobody else's is sent to Google. */
    public static boolean isOurs(String sealed) {
        return Seals.isOf(Seals.GOOGLE, sealed);
    }

    private static String decoded(String wire) {
        try {
            return new String(Base64.getDecoder().decode(wire), UTF_8);
        } catch (IllegalArgumentException notBase64) {
            return "";
        }
    }
}
