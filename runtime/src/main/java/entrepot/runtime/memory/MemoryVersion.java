package entrepot.runtime.memory;

import org.jspecify.annotations.Nullable;

/**
 * One change of a memory.
 *
 * @param path null when redacted
 * @param content null when redacted, when the memory was deleted, or when only the rest was asked
 *     for
 * @param sha256 null when the memory was deleted; a redacted version keeps it
 * @param bytes null when the memory was deleted
 */
public record MemoryVersion(
        String id,
        String memoryId,
        Operation operation,
        @Nullable String path,
        @Nullable String content,
        @Nullable String sha256,
        @Nullable Long bytes,
        Author author,
        long createdMillis,
        @Nullable Redaction redaction) {

    /** What was done. */
    public enum Operation {
        CREATED,
        MODIFIED,
        DELETED
    }

    /** That its content was taken away, and by whom. */
    public record Redaction(Author author, long atMillis) {}
}
