package entrepot.protocols.google.wire;

import entrepot.protocols.json.Json;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * One pass over a chunk without a tree: whether it says something, ends the answer or fails, and
 * where its usage stands.
 */
public final class GeminiGlance {

    private boolean finished;
    private boolean content;
    private boolean error;
    private int usageStart;
    private int usageEnd;

    public boolean finished() {
        return finished;
    }

    public boolean content() {
        return content;
    }

    public boolean error() {
        return error;
    }

    public int usageStart() {
        return usageStart;
    }

    public int usageEnd() {
        return usageEnd;
    }

    /** False when it is not JSON. */
    public boolean read(byte[] payload) {
        finished = content = error = false;
        usageStart = usageEnd = 0;
        try (JsonParser parser = Json.parser(payload)) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_ARRAY) {
                // An error alone may come in a list.
                token = parser.nextToken();
            }
            if (token == JsonToken.START_OBJECT) {
                root(parser);
            }
            return true;
        } catch (JacksonException malformed) {
            return false;
        }
    }

    private void root(JsonParser parser) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            switch (name) {
                case "usageMetadata" -> {
                    usageStart = (int) parser.currentTokenLocation().getByteOffset();
                    parser.skipChildren();
                    usageEnd = (int) parser.currentLocation().getByteOffset();
                }
                case "error" -> {
                    error |= token == JsonToken.START_OBJECT;
                    parser.skipChildren();
                }
                case "promptFeedback" -> feedback(parser, token);
                case "candidates" -> candidates(parser, token);
                default -> parser.skipChildren();
            }
        }
    }

    private void feedback(JsonParser parser, JsonToken token) {
        if (token != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            finished |= name.equals("blockReason");
            parser.nextToken();
            parser.skipChildren();
        }
    }

    private void candidates(JsonParser parser, JsonToken token) {
        if (token != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        for (JsonToken at = parser.nextToken(); at != JsonToken.END_ARRAY; ) {
            if (at == JsonToken.START_OBJECT) {
                candidate(parser);
            } else {
                parser.skipChildren();
            }
            at = parser.nextToken();
        }
    }

    private void candidate(JsonParser parser) {
        boolean ended = false;
        boolean first = true;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            switch (name) {
                case "finishReason" ->
                        ended =
                                token == JsonToken.VALUE_STRING
                                        ? !parser.getString().isEmpty()
                                        : token == JsonToken.VALUE_NUMBER_INT;
                case "index" ->
                        first =
                                token != JsonToken.VALUE_NUMBER_INT
                                        || parser.getValueAsString("0").equals("0");
                case "content" -> content(parser, token);
                default -> {}
            }
            parser.skipChildren();
        }
        finished |= ended && first;
    }

    private void content(JsonParser parser, JsonToken token) {
        if (token != JsonToken.START_OBJECT) {
            return;
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            if (name.equals("parts") && value == JsonToken.START_ARRAY) {
                parts(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void parts(JsonParser parser) {
        for (JsonToken at = parser.nextToken(); at != JsonToken.END_ARRAY; ) {
            if (at == JsonToken.START_OBJECT) {
                part(parser);
            } else {
                parser.skipChildren();
            }
            at = parser.nextToken();
        }
    }

    /** Everything says something but the empty text. */
    private void part(JsonParser parser) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            switch (name) {
                case "thought", "thoughtSignature", "videoMetadata", "partMetadata" -> {}
                case "text" ->
                        content |= token == JsonToken.VALUE_STRING && parser.getStringLength() > 0;
                default -> content = true;
            }
            parser.skipChildren();
        }
    }
}
