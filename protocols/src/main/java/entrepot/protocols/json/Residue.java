package entrepot.protocols.json;

import entrepot.conversation.Extras;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.Set;

/**
 * Puts extras back where they came from. What the record itself says has the last word: an extra
 * fills a place only where the writer left one.
 */
public final class Residue {

    private Residue() {}

    /** Fills an object with extras, if they are of this dialect; objects within objects too. */
    public static ObjectNode fill(ObjectNode written, Extras extras, String dialect) {
        if (extras.dialect().equals(dialect)) {
            fill(written, extras.members().entrySet());
        }
        return written;
    }

    /** One extra, or null when there is none or it is of another dialect. */
    public static @Nullable JsonNode of(Extras extras, String dialect, String name) {
        return extras.dialect().equals(dialect) ? extras.members().get(name) : null;
    }

    private static void fill(ObjectNode written, Set<Map.Entry<String, JsonNode>> extras) {
        extras.forEach(member -> {
            String name = member.getKey();
            JsonNode extra = member.getValue();
            JsonNode there = written.get(name);
            if (there == null) {
                written.set(name, extra);
            } else if (there instanceof ObjectNode a && extra instanceof ObjectNode b) {
                // A copy: what is there may belong to an immutable record.
                ObjectNode both = Json.object();
                both.setAll(a);
                fill(both, b.properties());
                written.set(name, both);
            }
        });
    }
}
