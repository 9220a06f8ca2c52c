package entrepot.protocols.openai.chat;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;

/**
 * Members that are there and say nothing: null, the empty text, the empty list, the empty object.
 * Servers send them in every chunk, and none of them is an event (R89).
 */
final class Silence {

    private Silence() {}

    static boolean says(JsonNode node) {
        if (node.isContainer()) {
            return !node.isEmpty();
        }
        return !node.isNull() && !(node.isString() && node.stringValue().isEmpty());
    }

    /** Takes silent members out of an object, and out of the objects within it. */
    static void prune(ObjectNode object) {
        var silent = new ArrayList<String>();
        object.properties()
                .forEach(member -> {
                    if (member.getValue() instanceof ObjectNode inner) {
                        prune(inner);
                    }
                    if (!says(member.getValue())) {
                        silent.add(member.getKey());
                    }
                });
        silent.forEach(object::remove);
    }
}
