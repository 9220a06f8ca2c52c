package entrepot.protocols.openai;

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

/**
 * A body as its caller's bytes, validated whole in one pass and without building a tree. It can be
 * sent on with another model in it, every other byte as it came: what is absent stays absent, and
 * what is null stays null.
 */
public final class BodyScan {

    private final byte[] body;
    private final @Nullable String address;
    private String model = "";
    private int modelStart;
    private int modelEnd;
    private boolean stream;

    private BodyScan(byte[] body, @Nullable String address) {
        this.body = body;
        this.address = address;
    }

    /** Looks at the members of a body that are neither its model nor whether it streams. */
    @FunctionalInterface
    public interface Inspector {

        /**
         * Looks at a member.
         *
         * @param parser at the member's value; may be moved to the value's end
         * @throws Failed when the value is not as it should be
         */
        void member(String name, JsonParser parser);
    }

    /**
     * Validates a body.
     *
     * @param body kept, not copied
     * @param address the model as the address names it; null when the body does
     * @throws Failed {@code INVALID_REQUEST} with line, column and member
     */
    public static BodyScan of(byte[] body, @Nullable String address, Inspector inspector) {
        Json.requireUtf8(body, Cause.INVALID_REQUEST);
        var scan = new BodyScan(body, address);
        try (JsonParser parser = Json.parser(body)) {
            try {
                scan.read(parser, inspector);
            } catch (JacksonException e) {
                throw Json.malformed(e, parser, Cause.INVALID_REQUEST);
            }
        }
        return scan;
    }

    /** The model as asked for; empty when it was not said. */
    public String model() {
        return address == null ? model : address;
    }

    /**
     * The model as asked for.
     *
     * @throws Failed when it was not said
     */
    public String requiredModel() {
        if (model().isEmpty()) {
            throw missing("model");
        }
        return model();
    }

    public boolean stream() {
        return stream;
    }

    /** The caller's bytes with another model. */
    public byte[] splice(String other) {
        if (other.equals(model)) {
            return body;
        }
        boolean there = modelEnd > modelStart;
        String quoted =
                '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(other)) + '"';
        byte[] by = (there ? quoted : "\"model\":" + quoted + ",").getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[body.length - (modelEnd - modelStart) + by.length];
        System.arraycopy(body, 0, out, 0, modelStart);
        System.arraycopy(by, 0, out, modelStart, by.length);
        System.arraycopy(body, modelEnd, out, modelStart + by.length, body.length - modelEnd);
        return out;
    }

    private void read(JsonParser parser, Inspector inspector) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw invalid("The body must be a JSON object.", null, null);
        }
        modelStart = modelEnd = (int) parser.currentTokenLocation().getByteOffset() + 1;
        var seen = new HashSet<String>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            if (!seen.add(name)) {
                throw invalid("'" + name + "' stands twice; send it once.", name, "invalid_json");
            }
            parser.nextToken();
            switch (name) {
                case "model" -> readModel(parser);
                case "stream" -> stream = flag(name, parser);
                default -> {
                    inspector.member(name, parser);
                    parser.skipChildren();
                }
            }
        }
        if (parser.nextToken() != null) {
            throw invalid("There is more behind the JSON object.", null, "invalid_json");
        }
    }

    private void readModel(JsonParser parser) {
        JsonToken token = parser.currentToken();
        boolean unsaid = token == JsonToken.VALUE_NULL;
        if (token != JsonToken.VALUE_STRING && !unsaid) {
            throw type("model", "a string", parser);
        }
        modelStart = (int) parser.currentTokenLocation().getByteOffset();
        model = unsaid ? "" : parser.getString();
        modelEnd = (int) parser.currentLocation().getByteOffset();
    }

    private static boolean flag(String name, JsonParser parser) {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw type(name, "a boolean", parser);
        };
    }

    /**
     * A member that may be null or an integer within bounds.
     *
     * @return null when it is null
     */
    public static @Nullable Integer integer(String path, JsonParser parser, int min, int max) {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw type(path, "an integer", parser);
        }
        boolean fits = parser.getNumberType() == JsonParser.NumberType.INT;
        if (!fits || parser.getIntValue() < min || parser.getIntValue() > max) {
            String bounds = max == Integer.MAX_VALUE ? "at least " + min : min + " to " + max;
            throw invalid(
                    "Invalid value for '" + path + "': it must be " + bounds + ".",
                    path,
                    "invalid_value");
        }
        return parser.getIntValue();
    }

    /** The failure of a required member that is not there. */
    public static Failed missing(String path) {
        return invalid(
                "Missing required parameter: '" + path + "'.", path, "missing_required_parameter");
    }

    /** The failure of a value of the wrong type, where the parser stands. */
    public static Failed type(String path, String expected, JsonParser parser) {
        var at = parser.currentTokenLocation();
        return invalid(
                "Invalid type for '%s' at line %d, column %d: expected %s."
                        .formatted(path, at.getLineNr(), at.getColumnNr(), expected),
                path,
                "invalid_type");
    }

    public static Failed invalid(String message, @Nullable String path, @Nullable String code) {
        return new Failed(
                new Failure(Cause.INVALID_REQUEST, message, path, code, null, null, null));
    }
}
