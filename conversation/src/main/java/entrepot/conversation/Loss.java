package entrepot.conversation;

import java.util.Objects;

/**
 * Something that a dialect cannot carry: it is refused or reported, never dropped in silence.
 *
 * @param path where it stands in the canonical record, such as {@code messages[2].parts[0]}
 * @param what is lost and why, in words for the caller
 * @param weight whether the answer may be another for it
 */
public record Loss(String path, String what, Weight weight) {

    public Loss {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(weight, "weight");
    }

    /** A loss of meaning. */
    public Loss(String path, String what) {
        this(path, what, Weight.MEANING);
    }

    /** How much a loss weighs. */
    public enum Weight {
        /** The answer means the same without it: a hint, a label, a wish for speed or price. */
        HINT,
        /** The answer may be another: refused, unless the caller allowed it. */
        MEANING
    }
}
