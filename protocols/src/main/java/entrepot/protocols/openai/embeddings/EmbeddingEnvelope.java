package entrepot.protocols.openai.embeddings;

import entrepot.conversation.Failed;
import entrepot.conversation.embedding.EmbeddingRequest.Encoding;
import entrepot.protocols.openai.BodyScan;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A request for embeddings as its caller's bytes, held to OpenAI's own limits; it can be sent on
 * with another model in it.
 */
public final class EmbeddingEnvelope {

    /** OpenAI's own limit on inputs, and on the tokens of one that stands alone. */
    public static final int INPUTS_MAX = 2048;

    private final BodyScan scan;
    private final @Nullable Encoding encoding;

    private EmbeddingEnvelope(BodyScan scan, @Nullable Encoding encoding) {
        this.scan = scan;
        this.encoding = encoding;
    }

    /**
     * Validates a body.
     *
     * @param model as the address names it; null when the body must
     * @throws Failed {@code INVALID_REQUEST} with the path of the member
     */
    public static EmbeddingEnvelope scan(byte[] body, @Nullable String model) {
        var inputs = new Inputs();
        var scan = BodyScan.of(body, model, inputs::member);
        scan.requiredModel();
        if (!inputs.found) {
            throw BodyScan.missing("input");
        }
        if (scan.stream()) {
            throw BodyScan.invalid(
                    "Embeddings are not streamed: leave 'stream' out.", "stream", "invalid_value");
        }
        return new EmbeddingEnvelope(scan, inputs.encoding);
    }

    public String model() {
        return scan.model();
    }

    /** How the caller wants its vectors; null when it did not say. */
    public @Nullable Encoding encoding() {
        return encoding;
    }

    /** The caller's bytes with another model. */
    public byte[] splice(String model) {
        return scan.splice(model);
    }

    /** Looks at the members that have rules. */
    private static final class Inputs {

        private boolean found;
        private @Nullable Encoding encoding;

        private void member(String name, JsonParser parser) {
            switch (name) {
                case "input" -> {
                    found = true;
                    input(parser);
                }
                case "dimensions" -> BodyScan.integer(name, parser, 1, Integer.MAX_VALUE);
                case "encoding_format" -> encoding = format(parser);
                default -> {}
            }
        }

        private static void input(JsonParser parser) {
            switch (parser.currentToken()) {
                case VALUE_STRING -> notEmpty("input", parser);
                case START_ARRAY -> list(parser);
                default ->
                        throw BodyScan.type(
                                "input", "a string, or a list of strings or tokens", parser);
            }
        }

        private static void list(JsonParser parser) {
            JsonToken kind = parser.nextToken();
            int count = 0;
            for (JsonToken at = kind; at != JsonToken.END_ARRAY; at = parser.nextToken()) {
                String path = "input[" + count + "]";
                if (at != kind) {
                    throw BodyScan.type(path, "the same type as before", parser);
                }
                switch (at) {
                    case VALUE_STRING -> notEmpty(path, parser);
                    case VALUE_NUMBER_INT -> BodyScan.integer(path, parser, 0, Integer.MAX_VALUE);
                    case START_ARRAY -> tokens(path, parser);
                    default -> throw BodyScan.type(path, "a string or tokens", parser);
                }
                count++;
                if (count > INPUTS_MAX) {
                    throw BodyScan.invalid(
                            "Invalid 'input': array too long. Expected an array with maximum"
                                    + " length "
                                    + INPUTS_MAX
                                    + "; send the rest in another request.",
                            "input",
                            "array_above_max_length");
                }
            }
            requireSome("input", count);
        }

        private static void tokens(String path, JsonParser parser) {
            int count = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                String at = path + "[" + count++ + "]";
                if (BodyScan.integer(at, parser, 0, Integer.MAX_VALUE) == null) {
                    throw BodyScan.type(at, "an integer", parser);
                }
            }
            requireSome(path, count);
        }

        private static void requireSome(String path, int count) {
            if (count == 0) {
                throw BodyScan.invalid(
                        "Invalid '"
                                + path
                                + "': empty array. Expected an array with minimum length 1.",
                        path,
                        "empty_array");
            }
        }

        private static void notEmpty(String path, JsonParser parser) {
            if (parser.getStringLength() == 0) {
                throw BodyScan.invalid(
                        "Invalid '" + path + "': the text is empty; send at least one letter.",
                        path,
                        "empty_string");
            }
        }

        private static @Nullable Encoding format(JsonParser parser) {
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                return null;
            }
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                throw BodyScan.type("encoding_format", "a string", parser);
            }
            return switch (parser.getString()) {
                case "float" -> Encoding.FLOAT;
                case "base64" -> Encoding.BASE64;
                default ->
                        throw BodyScan.invalid(
                                "Invalid value for 'encoding_format': it must be float or base64.",
                                "encoding_format",
                                "invalid_value");
            };
        }
    }
}
