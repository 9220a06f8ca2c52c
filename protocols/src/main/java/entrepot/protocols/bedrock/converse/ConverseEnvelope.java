package entrepot.protocols.bedrock.converse;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

import java.util.HashSet;

/**
 * A Converse request as its caller's bytes, of which only what money needs is known: the model and
 * whether it streams stand in the path. The body is validated once, in one pass and without
 * building a tree, and goes on as it came.
 *
 * @param body as it came; kept, not copied
 * @param outputTokensMax null when the caller did not say
 */
public record ConverseEnvelope(byte[] body, @Nullable Long outputTokensMax) {

    /**
     * Validates a body.
     *
     * @throws Failed {@code INVALID_REQUEST} with line, column and member, when it is not one JSON
     *     object in UTF-8 with messages, or a member that is read here has a wrong type or stands
     *     twice
     */
    public static ConverseEnvelope scan(byte[] body) {
        Json.requireUtf8(body, Cause.INVALID_REQUEST);
        try (JsonParser parser = Json.parser(body)) {
            try {
                return new ConverseEnvelope(body, new Scan(parser).read());
            } catch (JacksonException e) {
                throw Json.malformed(e, parser, Cause.INVALID_REQUEST);
            }
        }
    }

    private static final class Scan {

        private final JsonParser parser;
        private @Nullable Long outputTokensMax;

        Scan(JsonParser parser) {
            this.parser = parser;
        }

        @Nullable Long read() {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw invalid("The body must be a JSON object.", null, null);
            }
            var seen = new HashSet<String>();
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                if (!seen.add(name)) {
                    throw invalid(
                            "'" + name + "' stands twice; send it once.",
                            name,
                            "duplicate_parameter");
                }
                member(name, parser.nextToken());
            }
            if (parser.nextToken() != null) {
                throw invalid("There is more behind the JSON object.", null, "invalid_json");
            }
            if (!seen.contains("messages")) {
                throw invalid(
                        "Missing required parameter: 'messages'.",
                        "messages",
                        "missing_required_parameter");
            }
            return outputTokensMax;
        }

        private void member(String name, JsonToken token) {
            switch (name) {
                case "messages" -> {
                    expect(token, JsonToken.START_ARRAY, name, "an array of objects");
                    parser.skipChildren();
                }
                case "inferenceConfig" -> {
                    if (token != JsonToken.VALUE_NULL) {
                        expect(token, JsonToken.START_OBJECT, name, "an object");
                        inference();
                    }
                }
                default -> parser.skipChildren();
            }
        }

        private void inference() {
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken token = parser.nextToken();
                if (!name.equals("maxTokens") || token == JsonToken.VALUE_NULL) {
                    parser.skipChildren();
                    continue;
                }
                String path = "inferenceConfig.maxTokens";
                expect(token, JsonToken.VALUE_NUMBER_INT, path, "an integer");
                if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        || parser.getLongValue() < 1) {
                    throw invalid("Invalid '" + path + "': out of range.", path, "invalid_value");
                }
                outputTokensMax = parser.getLongValue();
            }
        }

        private void expect(JsonToken token, JsonToken wanted, String path, String expected) {
            if (token != wanted) {
                var at = parser.currentTokenLocation();
                throw invalid(
                        "Invalid type for '%s' at line %d, column %d: expected %s."
                                .formatted(path, at.getLineNr(), at.getColumnNr(), expected),
                        path,
                        "invalid_type");
            }
        }

        private static Failed invalid(
                String message, @Nullable String path, @Nullable String code) {
            return new Failed(
                    new Failure(Cause.INVALID_REQUEST, message, path, code, null, null, null));
        }
    }
}
