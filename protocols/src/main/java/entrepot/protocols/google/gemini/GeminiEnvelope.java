package entrepot.protocols.google.gemini;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.io.JsonStringEncoder;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * A request as its caller's bytes, of which only what routing and money need is known.
 *
 * <p>The whole body is validated once, in one pass and without building a tree. It can then be sent
 * on with every byte as it came; only a model that the body names besides the address is changed.
 */
public final class GeminiEnvelope {

    private final byte[] body;
    private final Scan scan;

    private GeminiEnvelope(byte[] body, Scan scan) {
        this.body = body;
        this.scan = scan;
    }

    /**
     * Validates a body.
     *
     * @param body kept, not copied
     * @throws Failed {@code INVALID_REQUEST} with line, column and member, when it is not one JSON
     *     object in UTF-8 with contents, or a member that is read here has a wrong type or stands
     *     twice
     */
    public static GeminiEnvelope scan(byte[] body) {
        Json.requireUtf8(body, Cause.INVALID_REQUEST);
        try (JsonParser parser = Json.parser(body)) {
            try {
                var scan = new Scan(parser);
                scan.read();
                return new GeminiEnvelope(body, scan);
            } catch (JacksonException e) {
                throw Json.malformed(e, parser, Cause.INVALID_REQUEST);
            }
        }
    }

    /** How many answers the caller wants; each is paid for. */
    public int choices() {
        return scan.choices;
    }

    /** The most output tokens that one answer may have; null when the caller did not say. */
    public @Nullable Long outputTokensMax() {
        return scan.outputTokensMax;
    }

    /** The body as it came. */
    public byte[] body() {
        return body;
    }

    /**
     * The caller's bytes for another model.
     *
     * @param model the supplier's name of it, as it will stand in the address
     */
    public byte[] splice(String model) {
        if (scan.modelEnd == 0) {
            return body;
        }
        String name = "models/" + model;
        byte[] quoted =
                ('"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(name)) + '"')
                        .getBytes(StandardCharsets.UTF_8);
        int tail = body.length - scan.modelEnd;
        byte[] out = new byte[scan.modelStart + quoted.length + tail];
        System.arraycopy(body, 0, out, 0, scan.modelStart);
        System.arraycopy(quoted, 0, out, scan.modelStart, quoted.length);
        System.arraycopy(body, scan.modelEnd, out, scan.modelStart + quoted.length, tail);
        return out;
    }

    /** One pass over the body. */
    private static final class Scan {

        /** Google's own bound (generative_service.proto, GenerationConfig.candidate_count). */
        private static final int CHOICES_MAX = 8;

        private final JsonParser parser;
        private final Set<String> seen = new HashSet<>();
        private int choices = 1;
        private @Nullable Long outputTokensMax;
        private int modelStart;
        private int modelEnd;

        Scan(JsonParser parser) {
            this.parser = parser;
        }

        void read() {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw invalid("The body must be a JSON object.", null, null);
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                member(name);
            }
            if (parser.nextToken() != null) {
                throw invalid("There is more behind the JSON object.", null, "invalid_json");
            }
            if (!seen.contains("contents")) {
                throw invalid(
                        "Missing required parameter: 'contents'.",
                        "contents",
                        "missing_required_parameter");
            }
        }

        private void member(String name) {
            switch (name) {
                case "model" -> {
                    if (once(name, name) != JsonToken.VALUE_STRING) {
                        throw type(name, "a string");
                    }
                    modelStart = (int) parser.currentTokenLocation().getByteOffset();
                    parser.getString();
                    modelEnd = (int) parser.currentLocation().getByteOffset();
                }
                case "contents" -> {
                    JsonToken token = once(name, name);
                    if (token != JsonToken.START_ARRAY && token != JsonToken.START_OBJECT) {
                        throw type(name, "an array of objects");
                    }
                    parser.skipChildren();
                }
                case "generationConfig", "generation_config" -> {
                    JsonToken token = once("generationConfig", name);
                    if (token == JsonToken.START_OBJECT) {
                        config(name);
                    } else if (token != JsonToken.VALUE_NULL) {
                        throw type(name, "an object");
                    }
                }
                default -> skip();
            }
        }

        private void config(String path) {
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                String at = path + "." + name;
                switch (name) {
                    case "maxOutputTokens", "max_output_tokens" -> {
                        once("maxOutputTokens", at);
                        outputTokensMax = count(at, Integer.MAX_VALUE);
                    }
                    case "candidateCount", "candidate_count" -> {
                        once("candidateCount", at);
                        Long count = count(at, CHOICES_MAX);
                        choices = count == null ? 1 : (int) Math.max(1, count);
                    }
                    default -> skip();
                }
            }
        }

        private void skip() {
            parser.nextToken();
            parser.skipChildren();
        }

        /** A count, also as ProtoJSON may write it: {@code 8192.0} or {@code "8192"}. */
        private @Nullable Long count(String path, int max) {
            JsonToken token = parser.currentToken();
            if (token == JsonToken.VALUE_NULL) {
                return null;
            }
            boolean number =
                    token == JsonToken.VALUE_NUMBER_INT
                            || token == JsonToken.VALUE_NUMBER_FLOAT
                            || token == JsonToken.VALUE_STRING;
            String text = number ? parser.getString() : "";
            if (!number || !text.matches("-?[0-9]{1,40}(\\.0{1,20})?")) {
                throw type(path, "an integer");
            }
            String digits = text.split("\\.", 2)[0];
            if (digits.length() > 10
                    || Long.parseLong(digits) < 0
                    || Long.parseLong(digits) > max) {
                throw invalid(
                        "Invalid value for '" + path + "': it must be from 0 to " + max + ".",
                        path,
                        "invalid_value");
            }
            return Long.parseLong(digits);
        }

        /** Goes on to the value of a member that may stand once only, in either spelling. */
        private JsonToken once(String member, String path) {
            if (!seen.add(member)) {
                throw invalid(
                        "'%s' stands twice, again at line %d, column %d; send it once."
                                .formatted(
                                        path,
                                        parser.currentLocation().getLineNr(),
                                        parser.currentLocation().getColumnNr()),
                        path,
                        "duplicate_parameter");
            }
            return parser.nextToken();
        }

        private Failed type(String path, String expected) {
            var at = parser.currentTokenLocation();
            return invalid(
                    "Invalid type for '%s' at line %d, column %d: expected %s."
                            .formatted(path, at.getLineNr(), at.getColumnNr(), expected),
                    path,
                    "invalid_type");
        }

        private static Failed invalid(
                String message, @Nullable String path, @Nullable String code) {
            return new Failed(
                    new Failure(Cause.INVALID_REQUEST, message, path, code, null, null, null));
        }
    }
}
