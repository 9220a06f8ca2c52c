package entrepot.knowledge.sources;

import java.util.Objects;

/**
 * A document that a source has, before it is read.
 *
 * @param id names it within its source for good, such as a path
 * @param stamp changes whenever the document may have changed; compared, never read
 * @param title for people
 * @param uri where a person finds it; empty when there is no such place
 * @param bytes its size; -1 when that is not known before reading
 */
public record Entry(String id, String stamp, String title, String uri, long bytes, Access access) {

    public static final int ID_CHARS_MAX = 1024;

    public Entry {
        Objects.requireNonNull(access, "access");
        if (id.isEmpty() || id.length() > ID_CHARS_MAX) {
            throw new IllegalArgumentException(
                    "a document's id has 1 to " + ID_CHARS_MAX + " characters");
        }
    }
}
