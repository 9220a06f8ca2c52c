package entrepot.conversation;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** Something the model may ask to be done. */
public sealed interface Tool {

    /**
     * A function with a JSON Schema for its arguments.
     *
     * @param parameters JSON Schema; null when the function takes nothing
     * @param strict whether arguments must follow the schema exactly; null when not said
     */
    record Function(
            String name,
            @Nullable String description,
            @Nullable JsonNode parameters,
            @Nullable Boolean strict,
            Extras extras)
            implements Tool {}

    /** All tools before it may be kept in the supplier's cache; see {@link Part.CachePoint}. */
    record CachePoint(@Nullable String ttl) implements Tool {}

    /** A tool kind that a dialect knows and we do not. */
    record Unknown(String dialect, JsonNode raw) implements Tool {}
}
