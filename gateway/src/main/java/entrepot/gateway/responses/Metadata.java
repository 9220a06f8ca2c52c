package entrepot.gateway.responses;

import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.protocols.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/** Labels that a caller puts on what is kept (openapi.yaml, Metadata). */
final class Metadata {

    static final int PAIRS_MAX = 16;
    static final int KEY_CHARS_MAX = 64;
    static final int VALUE_CHARS_MAX = 512;

    private Metadata() {}

    /**
     * @throws entrepot.conversation.Failed when there are too many, or one is too long
     */
    static ObjectNode read(Fields fields) {
        Map<String, String> pairs = fields.texts("metadata");
        if (pairs.size() > PAIRS_MAX) {
            throw Refusals.value("metadata", "it has at most " + PAIRS_MAX + " pairs.");
        }
        ObjectNode json = Json.object();
        pairs.forEach((key, value) -> {
            if (key.isEmpty() || key.length() > KEY_CHARS_MAX) {
                throw Refusals.value(
                        "metadata", "a key has 1 to " + KEY_CHARS_MAX + " characters.");
            }
            if (value.length() > VALUE_CHARS_MAX) {
                throw Refusals.value(
                        "metadata." + key,
                        "a value has at most " + VALUE_CHARS_MAX + " characters.");
            }
            json.put(key, value);
        });
        return json;
    }
}
