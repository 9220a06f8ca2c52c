package entrepot.conversation;

import java.util.Objects;

/**
 * Something that a dialect cannot carry: it is refused or reported, never dropped in silence.
 *
 * @param path where it stands in the canonical record, such as {@code messages[2].parts[0]}
 * @param what is lost and why, in words for the caller
 */
public record Loss(String path, String what) {

    public Loss {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(what, "what");
    }
}
