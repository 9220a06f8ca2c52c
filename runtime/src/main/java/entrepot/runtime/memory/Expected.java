package entrepot.runtime.memory;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/** What must hold of a memory before it is changed. */
public sealed interface Expected {

    Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** It may be whatever it is. */
    record Anything() implements Expected {}

    /** There must be none at the path. */
    record Nothing() implements Expected {}

    /** Its content must have this digest. */
    record Digest(String sha256) implements Expected {
        public Digest {
            if (!DIGEST.matcher(sha256).matches()) {
                throw new IllegalArgumentException(
                        "a SHA-256 digest has 64 characters of 0-9 and a-f");
            }
        }
    }

    /** Null for anything. */
    static Expected digest(@Nullable String sha256) {
        return sha256 == null ? new Anything() : new Digest(sha256);
    }

    /**
     * @param now null when there is none
     */
    default boolean holds(@Nullable Memory now) {
        return switch (this) {
            case Anything anything -> true;
            case Nothing nothing -> now == null;
            case Digest digest -> now != null && now.sha256().equals(digest.sha256());
        };
    }
}
