package entrepot.runtime.memory;

import org.jspecify.annotations.Nullable;

/**
 * A text at a path.
 *
 * @param path such as {@code /projects/harbour.md}
 * @param content null where only the rest was asked for
 * @param sha256 of the content's UTF-8 bytes, in hex
 * @param bytes of the content in UTF-8
 * @param versionId of the change that made it what it is
 */
public record Memory(
        String id,
        String path,
        @Nullable String content,
        String sha256,
        long bytes,
        String versionId,
        long createdMillis,
        long updatedMillis) {}
