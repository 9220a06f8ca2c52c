package entrepot.conversation;

import tools.jackson.databind.JsonNode;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Members that a dialect sent and we have no word for, under the dialect's own names and in its
 * order. They are written back to the same dialect, and are a loss (refused or reported) anywhere
 * else.
 *
 * @param dialect whose names these are, such as {@code openai.chat}; empty when there are none
 */
public record Extras(String dialect, Map<String, JsonNode> members) {

    public static final Extras NONE = new Extras("", Map.of());

    public Extras {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }
}
