package entrepot.protocols.openai.chat;

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

/**
 * A chat request as its caller's bytes, of which only what routing and money need is known.
 *
 * <p>The whole body is validated once, in one pass and without building a tree. It can then be sent
 * on with another model in it, and with usage asked for, every other byte as it came.
 */
public final class ChatEnvelope {

    private static final String ASK = "\"include_usage\":true";

    private final byte[] body;
    private final Scan scan;

    private ChatEnvelope(byte[] body, Scan scan) {
        this.body = body;
        this.scan = scan;
    }

    /**
     * Validates a body.
     *
     * @param body kept, not copied
     * @throws Failed {@code INVALID_REQUEST} with line, column and member, when it is not one JSON
     *     object in UTF-8 with a model and messages, or a member that is read here has a wrong type
     *     or stands twice
     */
    public static ChatEnvelope scan(byte[] body) {
        return scan(body, null);
    }

    /**
     * Validates a body whose model stands in its address, as it does at Azure.
     *
     * @param model as the address names it; a model in the body then says nothing and may be absent
     */
    public static ChatEnvelope scan(byte[] body, @Nullable String model) {
        Json.requireUtf8(body, Cause.INVALID_REQUEST);
        try (JsonParser parser = Json.parser(body)) {
            try {
                var scan = new Scan(parser, model);
                scan.read();
                return new ChatEnvelope(body, scan);
            } catch (JacksonException e) {
                throw Json.malformed(e, parser, Cause.INVALID_REQUEST);
            }
        }
    }

    /** The model as asked for. */
    public String model() {
        return scan.address == null ? scan.model : scan.address;
    }

    /** Whether the caller wants the answer as it comes. */
    public boolean stream() {
        return scan.stream;
    }

    /** Whether the caller asked for the usage of a stream. */
    public boolean usageAsked() {
        return scan.usageAsked;
    }

    /** How many answers the caller wants; each is paid for. */
    public int choices() {
        return scan.choices;
    }

    /** The most output tokens that one choice may have; null when the caller did not say. */
    public @Nullable Long outputTokensMax() {
        return scan.outputTokensMax;
    }

    /** The body as it came. */
    public byte[] body() {
        return body;
    }

    /**
     * The caller's bytes with another model.
     *
     * @param askUsage whether a stream must report its usage even if the caller did not ask
     */
    public byte[] splice(String model, boolean askUsage) {
        boolean ask = askUsage && scan.stream && !scan.usageAsked;
        byte[] usage = ask ? usageEdit() : null;
        byte[] name = model.equals(scan.model) ? null : modelEdit(model);
        if (usage == null) {
            return name == null ? body : replace(body, scan.modelStart, scan.modelEnd, name);
        }
        if (name == null) {
            return replace(body, scan.usageStart, scan.usageEnd, usage);
        }
        // The later edit first, so that the earlier one's offsets still hold.
        return scan.modelStart < scan.usageStart
                ? replace(
                        replace(body, scan.usageStart, scan.usageEnd, usage),
                        scan.modelStart,
                        scan.modelEnd,
                        name)
                : replace(
                        replace(body, scan.modelStart, scan.modelEnd, name),
                        scan.usageStart,
                        scan.usageEnd,
                        usage);
    }

    private byte[] modelEdit(String model) {
        boolean there = scan.modelEnd > scan.modelStart;
        return quoted(there ? "" : "\"model\":", model, there ? "" : ",");
    }

    private byte[] usageEdit() {
        return switch (scan.usagePlace) {
            case NEW_MEMBER -> ascii("\"stream_options\":{" + ASK + "},");
            case OPTIONS_VALUE -> ascii("{" + ASK + "}");
            case IN_OPTIONS -> ascii(ASK + ",");
            case FLAG_VALUE -> ascii("true");
        };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] quoted(String before, String text, String after) {
        String escaped = new String(JsonStringEncoder.getInstance().quoteAsCharArray(text));
        return (before + '"' + escaped + '"' + after).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] replace(byte[] bytes, int start, int end, byte[] by) {
        byte[] out = new byte[bytes.length - (end - start) + by.length];
        System.arraycopy(bytes, 0, out, 0, start);
        System.arraycopy(by, 0, out, start, by.length);
        System.arraycopy(bytes, end, out, start + by.length, bytes.length - end);
        return out;
    }

    /** Where asking for usage changes the body. */
    private enum Place {
        /** There is no {@code stream_options}: a new member, right after the opening brace. */
        NEW_MEMBER,
        /** It is null or empty: a new value. */
        OPTIONS_VALUE,
        /** It has other members: one more, right after its opening brace. */
        IN_OPTIONS,
        /** {@code include_usage} is false or null. */
        FLAG_VALUE
    }

    /** One pass over the body. */
    private static final class Scan {

        private static final int MODEL = 1;
        private static final int STREAM = 2;
        private static final int OPTIONS = 4;
        private static final int CHOICES = 8;
        private static final int MESSAGES = 16;
        private static final int TOKENS = 32;
        private static final int OLD_TOKENS = 64;

        private final JsonParser parser;
        private final @Nullable String address;
        private int seen;
        private String model = "";
        private int modelStart;
        private int modelEnd;
        private boolean stream;
        private boolean usageAsked;
        private Place usagePlace = Place.NEW_MEMBER;
        private int usageStart;
        private int usageEnd;
        private int choices = 1;
        private @Nullable Long outputTokensMax;

        Scan(JsonParser parser, @Nullable String address) {
            this.parser = parser;
            this.address = address;
        }

        void read() {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT) {
                throw invalid("The body must be a JSON object.", null, null);
            }
            usageStart = usageEnd = modelStart = modelEnd = tokenStart() + 1;
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                member(name);
            }
            if (parser.nextToken() != null) {
                throw invalid(
                        "There is more behind the JSON object, from line %d, column %d."
                                .formatted(
                                        parser.currentTokenLocation().getLineNr(),
                                        parser.currentTokenLocation().getColumnNr()),
                        null,
                        "invalid_json");
            }
            if (address == null) {
                require(MODEL, "model");
            }
            require(MESSAGES, "messages");
        }

        private void member(String name) {
            switch (name) {
                case "model" -> model(once(MODEL, name));
                case "stream" -> stream = flag(once(STREAM, name), name);
                case "stream_options" -> options(once(OPTIONS, name));
                case "n" -> choices = choices(once(CHOICES, name));
                case "messages" -> messages(once(MESSAGES, name));
                case "max_completion_tokens" -> {
                    Long max = tokens(once(TOKENS, name), name);
                    outputTokensMax = max == null ? outputTokensMax : max;
                }
                case "max_tokens" -> {
                    Long max = tokens(once(OLD_TOKENS, name), name);
                    outputTokensMax = outputTokensMax == null ? max : outputTokensMax;
                }
                default -> {
                    parser.nextToken();
                    parser.skipChildren();
                }
            }
        }

        private void model(JsonToken token) {
            boolean unsaid = address != null && token == JsonToken.VALUE_NULL;
            if (token != JsonToken.VALUE_STRING && !unsaid) {
                throw type("model", "a string");
            }
            modelStart = tokenStart();
            model = unsaid ? "" : parser.getString();
            modelEnd = end();
            if (model.isEmpty() && address == null) {
                throw invalid(
                        "Invalid 'model': empty string. Name a model; GET /v1/models lists them.",
                        "model",
                        "empty_string");
            }
        }

        private void messages(JsonToken token) {
            if (token != JsonToken.START_ARRAY) {
                throw type("messages", "an array of objects");
            }
            parser.skipChildren();
        }

        private boolean flag(JsonToken token, String path) {
            return switch (token) {
                case VALUE_TRUE -> true;
                case VALUE_FALSE, VALUE_NULL -> false;
                default -> throw type(path, "a boolean");
            };
        }

        private int choices(JsonToken token) {
            if (token == JsonToken.VALUE_NULL) {
                return 1;
            }
            if (token != JsonToken.VALUE_NUMBER_INT) {
                throw type("n", "an integer");
            }
            // OpenAI's own bounds (openapi.yaml, CreateChatCompletionRequest.n).
            if (parser.getNumberType() != JsonParser.NumberType.INT
                    || parser.getIntValue() < 1
                    || parser.getIntValue() > 128) {
                throw invalid("Invalid 'n': it must be from 1 to 128.", "n", "invalid_value");
            }
            return parser.getIntValue();
        }

        private @Nullable Long tokens(JsonToken token, String path) {
            if (token == JsonToken.VALUE_NULL) {
                return null;
            }
            if (token != JsonToken.VALUE_NUMBER_INT) {
                throw type(path, "an integer");
            }
            if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    || parser.getLongValue() < 0) {
                throw invalid("Invalid '" + path + "': out of range.", path, "invalid_value");
            }
            return parser.getLongValue();
        }

        private void options(JsonToken token) {
            if (token == JsonToken.VALUE_NULL) {
                place(Place.OPTIONS_VALUE, tokenStart(), end());
                return;
            }
            if (token != JsonToken.START_OBJECT) {
                throw type("stream_options", "an object");
            }
            int start = tokenStart();
            boolean empty = true;
            boolean found = false;
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                empty = false;
                JsonToken value = parser.nextToken();
                if (!name.equals("include_usage")) {
                    parser.skipChildren();
                    continue;
                }
                if (found) {
                    throw twice("stream_options.include_usage");
                }
                found = true;
                usageAsked = flag(value, "stream_options.include_usage");
                place(Place.FLAG_VALUE, tokenStart(), end());
            }
            if (empty) {
                place(Place.OPTIONS_VALUE, start, end());
            } else if (!found) {
                place(Place.IN_OPTIONS, start + 1, start + 1);
            }
        }

        private void place(Place place, int start, int end) {
            usagePlace = place;
            usageStart = start;
            usageEnd = end;
        }

        /** Goes on to the value of a member that may stand once only. */
        private JsonToken once(int bit, String name) {
            if ((seen & bit) != 0) {
                throw twice(name);
            }
            seen |= bit;
            return parser.nextToken();
        }

        private void require(int bit, String name) {
            if ((seen & bit) == 0) {
                throw invalid(
                        "Missing required parameter: '" + name + "'.",
                        name,
                        "missing_required_parameter");
            }
        }

        private int tokenStart() {
            return (int) parser.currentTokenLocation().getByteOffset();
        }

        private int end() {
            return (int) parser.currentLocation().getByteOffset();
        }

        private Failed twice(String path) {
            return invalid(
                    "'%s' stands twice, again at line %d, column %d; send it once."
                            .formatted(
                                    path,
                                    parser.currentLocation().getLineNr(),
                                    parser.currentLocation().getColumnNr()),
                    path,
                    "duplicate_parameter");
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
