package entrepot.knowledge.index;

import entrepot.knowledge.sources.Access;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A document as it was last read, without its text.
 *
 * @param revision of the bytes that its passages are from
 * @param label how delicate it is
 * @param passages how many it has
 * @param error why it could not be read, or not all of it; null when it was
 */
public record StoredDocument(
        SourceKey source,
        String id,
        String revision,
        String title,
        String uri,
        String contentType,
        String label,
        Access access,
        long bytes,
        int passages,
        @Nullable String error,
        Instant readAt) {}
