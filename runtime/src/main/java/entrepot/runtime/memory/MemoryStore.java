package entrepot.runtime.memory;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * A named set of memories.
 *
 * @param description for the agents that use it; empty for none
 * @param archivedMillis since when nothing in it may change, in ms since 1970; null when it may
 */
public record MemoryStore(
        String id,
        String name,
        String description,
        Map<String, String> metadata,
        long createdMillis,
        long updatedMillis,
        @Nullable Long archivedMillis) {

    public MemoryStore {
        metadata = Map.copyOf(metadata);
    }
}
