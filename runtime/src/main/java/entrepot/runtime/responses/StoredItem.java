package entrepot.runtime.responses;

import java.util.Objects;

/**
 * One item of a response or a conversation.
 *
 * @param id as its caller knows it
 * @param json the whole item, its id included
 */
public record StoredItem(String id, String json) {
    public StoredItem {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(json, "json");
    }
}
