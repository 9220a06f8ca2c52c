package entrepot.conversation;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** The shape the answer must have. */
public sealed interface OutputFormat {

    OutputFormat TEXT = new Text();

    record Text() implements OutputFormat {}

    /** Any JSON object. */
    record JsonObject() implements OutputFormat {}

    record JsonSchema(
            String name,
            @Nullable String description,
            @Nullable JsonNode schema,
            @Nullable Boolean strict)
            implements OutputFormat {}

    record Unknown(String dialect, JsonNode raw) implements OutputFormat {}
}
