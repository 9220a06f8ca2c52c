package entrepot.protocols;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * Opaque signatures with their origin: {@code anthropic:EqQB…}. Only the origin can use one; any
 * other dialect carries it whole, through its own signature member, so that the caller sends it
 * back and it finds its way home (R30, R33).
 */
public final class Seals {

    public static final String ANTHROPIC = "anthropic";
    public static final String GOOGLE = "google";
    public static final String OPENAI = "openai";

    private static final Set<String> ORIGINS = Set.of(ANTHROPIC, GOOGLE, OPENAI);

    private Seals() {}

    /** Reads a signature as it stands in a dialect of this origin: its own, or one it carries. */
    public static String seal(String origin, String signature) {
        return origin(signature) == null ? origin + ":" + signature : signature;
    }

    /** What a dialect of this origin writes: its own as it came, another's whole. */
    public static String written(String origin, String sealed) {
        return origin.equals(origin(sealed)) ? sealed.substring(origin.length() + 1) : sealed;
    }

    /** Whether a supplier of this origin made it: nobody else is sent it. */
    public static boolean isOf(String origin, String sealed) {
        return origin.equals(origin(sealed));
    }

    private static @Nullable String origin(String sealed) {
        int colon = sealed.indexOf(':');
        String origin = colon < 0 ? "" : sealed.substring(0, colon);
        return ORIGINS.contains(origin) ? origin : null;
    }
}
