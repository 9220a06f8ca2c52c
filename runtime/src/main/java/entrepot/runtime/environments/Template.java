package entrepot.runtime.environments;

import org.jspecify.annotations.Nullable;

/** What environments may be made from, saved under an id. */
public record Template(
        String id,
        @Nullable String name,
        Blueprint blueprint,
        long createdSeconds,
        long updatedSeconds) {}
