package entrepot.protocols;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * Opaque signatures with their origin: {@code anthropic:EqQB…}. Only the origin can use one; any
 * other dialect carries it whole, through its own signature member, so that the caller sends it
 * back and it finds its way home (R30, R33).
 *
 * <p>Where several makers speak one dialect and none can open what another made, an origin is the
 * vendor of the dialect and the maker, such as {@code openai.xai}.
 */
public final class Seals {

    public static final String ANTHROPIC = "anthropic";
    public static final String GOOGLE = "google";
    public static final String OPENAI = "openai";

    private static final Set<String> VENDORS = Set.of(ANTHROPIC, GOOGLE, OPENAI);

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

    /** Whether it carries the seal of some other origin. */
    public static boolean isElsewhere(String origin, String sealed) {
        String made = origin(sealed);
        return made != null && !made.equals(origin);
    }

    /** The same seal under another origin's name. */
    public static String resealed(String sealed, String origin) {
        return origin + sealed.substring(sealed.indexOf(':'));
    }

    private static @Nullable String origin(String sealed) {
        int colon = sealed.indexOf(':');
        String origin = colon < 0 ? "" : sealed.substring(0, colon);
        int dot = origin.indexOf('.');
        return VENDORS.contains(dot < 0 ? origin : origin.substring(0, dot)) ? origin : null;
    }
}
