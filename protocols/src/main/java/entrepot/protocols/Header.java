package entrepot.protocols;

import org.jspecify.annotations.Nullable;

/** Looks a header of an answer up. */
@FunctionalInterface
public interface Header {

    /** Its value, or null. */
    @Nullable String get(String lowerName);
}
