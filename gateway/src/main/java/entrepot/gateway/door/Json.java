package entrepot.gateway.door;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes the bodies of the APIs that are ours to shape. */
public final class Json {

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    private Json() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /**
     * Reads one whole JSON value.
     *
     * @throws Failed with the line and column at which it stops being JSON
     */
    public static JsonNode read(byte[] body) {
        if (body.length == 0) {
            throw new Failed(
                    Failure.of(
                            Failure.Cause.INVALID_REQUEST,
                            "The request has no body; a JSON object is expected."));
        }
        try {
            return MAPPER.readTree(body);
        } catch (JacksonException malformed) {
            throw new Failed(
                    new Failure(
                            Failure.Cause.INVALID_REQUEST,
                            "The body is not valid JSON: " + where(malformed),
                            null,
                            "invalid_json",
                            null,
                            null,
                            null),
                    malformed);
        }
    }

    /**
     * Reads a text that should be JSON.
     *
     * @return the text itself as a JSON string when it is not
     */
    public static JsonNode readOrText(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException notJson) {
            return JsonNodeFactory.instance.stringNode(text);
        }
    }

    public static byte[] write(JsonNode json) {
        return MAPPER.writeValueAsBytes(json);
    }

    private static String where(JacksonException malformed) {
        var place = malformed.getLocation();
        String what = malformed.getOriginalMessage();
        return place == null
                ? what
                : what + " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")";
    }
}
