package entrepot.protocols.anthropic.messages;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.anthropic.ApiVersion;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;

/**
 * A request to the Messages API as its caller's bytes, of which only what routing and money need is
 * known.
 *
 * <p>The whole body is validated once, in one pass and without building a tree. It can then be sent
 * on with another model in it, every other byte as it came; but reasoning that another vendor's
 * model signed is left out, since Anthropic would refuse it.
 */
public final class MessagesEnvelope {

    private final byte[] body;
    private final Scan scan;

    private MessagesEnvelope(byte[] body, Scan scan) {
        this.body = body;
        this.scan = scan;
    }

    /**
     * Validates a request for an answer.
     *
     * @param body kept, not copied
     * @throws Failed {@code INVALID_REQUEST} with line, column and member, when it is not one JSON
     *     object in UTF-8 with a model, messages and a limit, when a member that is read here has a
     *     wrong type or stands twice, or when the version has it no more
     */
    public static MessagesEnvelope scan(byte[] body, ApiVersion version) {
        return scan(body, version, true);
    }

    /** Validates what is only to be counted: it has no limit of output. */
    public static MessagesEnvelope scanCounted(byte[] body, ApiVersion version) {
        return scan(body, version, false);
    }

    private static MessagesEnvelope scan(byte[] body, ApiVersion version, boolean limited) {
        Json.requireUtf8(body, Cause.INVALID_REQUEST);
        try (JsonParser parser = Json.parser(body)) {
            try {
                var scan = new Scan(parser, version);
                scan.read(limited);
                return new MessagesEnvelope(body, scan);
            } catch (JacksonException e) {
                throw Json.malformed(e, parser, Cause.INVALID_REQUEST);
            }
        }
    }

    /** The model as asked for. */
    public String model() {
        return scan.model;
    }

    /** Whether the caller wants the answer as it comes. */
    public boolean stream() {
        return scan.stream;
    }

    /** The most output tokens that the answer may have; null when only a count is asked for. */
    public @Nullable Long outputTokensMax() {
        return scan.outputTokensMax;
    }

    /** The body as it came. */
    public byte[] body() {
        return body;
    }

    /** The caller's bytes with another model. */
    public byte[] splice(String model) {
        if (scan.foreignSeals) {
            return withoutForeign(model);
        }
        return model.equals(scan.model) ? body : replaced(quoted(model));
    }

    /** R30, R33: what another vendor's model signed is of no use here, and is refused. */
    private byte[] withoutForeign(String model) {
        ObjectNode root = (ObjectNode) Json.read(body, Cause.INVALID_REQUEST);
        for (JsonNode message : root.path("messages")) {
            if (message.path("content") instanceof ArrayNode blocks) {
                for (int i = blocks.size() - 1; i >= 0; i--) {
                    if (isForeign(blocks.get(i))) {
                        blocks.remove(i);
                    }
                }
            }
        }
        if (root.path("messages") instanceof ArrayNode messages) {
            for (int i = messages.size() - 1; i >= 0; i--) {
                JsonNode content = messages.get(i).path("content");
                if (content.isArray() && content.isEmpty()) {
                    messages.remove(i);
                }
            }
        }
        return Json.write(root.put("model", model));
    }

    private static boolean isForeign(JsonNode block) {
        return block.path("type").asString("").equals("thinking")
                && MessagesReasoning.isForeign(block.path("signature").asString(""));
    }

    private static byte[] quoted(String text) {
        return ('"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"')
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] replaced(byte[] by) {
        byte[] out = new byte[body.length - (scan.modelEnd - scan.modelStart) + by.length];
        System.arraycopy(body, 0, out, 0, scan.modelStart);
        System.arraycopy(by, 0, out, scan.modelStart, by.length);
        int rest = scan.modelStart + by.length;
        System.arraycopy(body, scan.modelEnd, out, rest, body.length - scan.modelEnd);
        return out;
    }

    /** One pass over a body. */
    private static final class Scan {

        private static final int MODEL = 1;
        private static final int STREAM = 2;
        private static final int MESSAGES = 4;
        private static final int TOKENS = 8;

        private final JsonParser parser;
        private final ApiVersion version;
        private int seen;
        private String model = "";
        private int modelStart;
        private int modelEnd;
        private boolean stream;
        private boolean foreignSeals;
        private @Nullable Long outputTokensMax;

        Scan(JsonParser parser, ApiVersion version) {
            this.parser = parser;
            this.version = version;
        }

        void read(boolean limited) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw invalid("The body is empty; a JSON object was expected.", null);
            }
            if (first != JsonToken.START_OBJECT) {
                throw invalid("The body is not a JSON object.", null);
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                member(name);
            }
            if (parser.nextToken() != null) {
                throw invalid(
                        "There is more behind the JSON object, from line %d, column %d."
                                .formatted(
                                        parser.currentTokenLocation().getLineNr(),
                                        parser.currentTokenLocation().getColumnNr()),
                        null);
            }
            require(MODEL, "model");
            require(MESSAGES, "messages");
            if (limited && outputTokensMax == null) {
                throw missing("max_tokens");
            }
        }

        private void member(String name) {
            if (version.removed().contains(name)) {
                throw invalid(name + ": " + MessagesRequests.removed(version), name);
            }
            switch (name) {
                case "model" -> model(once(MODEL, name));
                case "stream" -> stream = flag(once(STREAM, name));
                case "messages" -> messages(once(MESSAGES, name));
                case "max_tokens" -> outputTokensMax = tokens(once(TOKENS, name));
                default -> {
                    parser.nextToken();
                    parser.skipChildren();
                }
            }
        }

        private void model(JsonToken token) {
            if (token != JsonToken.VALUE_STRING) {
                throw type("model", "a string");
            }
            modelStart = (int) parser.currentTokenLocation().getByteOffset();
            model = parser.getString();
            modelEnd = (int) parser.currentLocation().getByteOffset();
            if (model.isEmpty()) {
                throw invalid(
                        "model: the name is empty. Name a model; GET /v1/models lists them.",
                        "model");
            }
        }

        /** Looks for signatures on the way, at whatever depth. */
        private void messages(JsonToken token) {
            if (token != JsonToken.START_ARRAY) {
                throw type("messages", "an array of objects");
            }
            int depth = 1;
            while (depth > 0) {
                JsonToken next = parser.nextToken();
                if (next == JsonToken.START_ARRAY || next == JsonToken.START_OBJECT) {
                    depth++;
                } else if (next == JsonToken.END_ARRAY || next == JsonToken.END_OBJECT) {
                    depth--;
                } else if (next == JsonToken.VALUE_STRING
                        && "signature".equals(parser.currentName())) {
                    foreignSeals |= MessagesReasoning.isForeign(parser.getString());
                }
            }
        }

        private boolean flag(JsonToken token) {
            return switch (token) {
                case VALUE_TRUE -> true;
                case VALUE_FALSE, VALUE_NULL -> false;
                default -> throw type("stream", "a boolean");
            };
        }

        private @Nullable Long tokens(JsonToken token) {
            if (token == JsonToken.VALUE_NULL) {
                return null;
            }
            if (token != JsonToken.VALUE_NUMBER_INT) {
                throw type("max_tokens", "an integer");
            }
            if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    || parser.getLongValue() < 0) {
                throw invalid("max_tokens: out of range.", "max_tokens");
            }
            return parser.getLongValue();
        }

        /** Goes on to the value of a member that may stand once only. */
        private JsonToken once(int bit, String name) {
            if ((seen & bit) != 0) {
                throw invalid(
                        "%s: stands twice, again at line %d, column %d; send it once."
                                .formatted(
                                        name,
                                        parser.currentLocation().getLineNr(),
                                        parser.currentLocation().getColumnNr()),
                        name);
            }
            seen |= bit;
            return parser.nextToken();
        }

        private void require(int bit, String name) {
            if ((seen & bit) == 0) {
                throw missing(name);
            }
        }

        private static Failed missing(String name) {
            return invalid(name + ": Field required", name);
        }

        private Failed type(String path, String expected) {
            var at = parser.currentTokenLocation();
            return invalid(
                    "%s: expected %s at line %d, column %d."
                            .formatted(path, expected, at.getLineNr(), at.getColumnNr()),
                    path);
        }

        private static Failed invalid(String message, @Nullable String path) {
            return new Failed(
                    new Failure(Cause.INVALID_REQUEST, message, path, null, null, null, null));
        }
    }
}
