package entrepot.protocols.anthropic.messages;

import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Set;

/** {@code cache_control}: a member of the block, here, that the canonical record puts after it. */
final class CacheMarks {

    private static final String NAME = "cache_control";

    /** Blocks that cannot be marked. */
    private static final Set<String> UNMARKED = Set.of("thinking", "redacted_thinking");

    private CacheMarks() {}

    /** A mark that was there. */
    record Mark(@Nullable String ttl) {}

    /** Takes the mark, unless it is of a kind that is not known here: that stays as it is. */
    static @Nullable Mark take(Members block) {
        JsonNode mark = block.peek(NAME);
        JsonNode ttl = mark.path("ttl");
        boolean plain =
                mark.path("type").asString("").equals("ephemeral")
                        && (mark.size() == 1 || (mark.size() == 2 && ttl.isString()));
        if (!plain) {
            return null;
        }
        block.take(NAME);
        return new Mark(ttl.isString() ? ttl.stringValue() : null);
    }

    /** Marks the last block of a list, if there is one that can be marked and is not. */
    static void put(ArrayNode blocks, @Nullable String ttl) {
        int last = blocks.size() - 1;
        if (last < 0 || !canMark(blocks.get(last))) {
            return;
        }
        // A copy: the block may belong to an immutable record (R36).
        ObjectNode marked = Json.object();
        marked.setAll((ObjectNode) blocks.get(last));
        ObjectNode mark = marked.putObject(NAME).put("type", "ephemeral");
        if (ttl != null) {
            mark.put("ttl", ttl);
        }
        blocks.set(last, marked);
    }

    private static boolean canMark(JsonNode block) {
        return block.isObject() && !block.has(NAME) && canMark(block.path("type").asString(""));
    }

    /** Whether blocks of a type can be marked. */
    static boolean canMark(String type) {
        return !UNMARKED.contains(type);
    }
}
