package entrepot.protocols.json;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;

/**
 * The one way to read and write JSON in the dialects: UTF-8 only (RFC 8259 §8.1), exact decimals,
 * no name twice in an object, nothing behind the value, and limits on depth and tokens.
 */
public final class Json {

    public static final int DEPTH_MAX = 256;
    public static final long TOKENS_MAX = 4_000_000;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEPTH_MAX)
                                    .maxTokenCount(TOKENS_MAX)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    // A body that looks like UTF-16 is refused, not guessed at.
                    .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
                    .build();

    private static final JsonMapper MAPPER =
            JsonMapper.builder(FACTORY)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    /** Callers may not say a thing twice; of a supplier, the last word counts. */
    private static final ObjectReader STRICT =
            MAPPER.reader().with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private static final ObjectReader LENIENT = MAPPER.reader();

    private Json() {}

    /** A parser over bytes that pass {@link #requireUtf8}. */
    public static JsonParser parser(byte[] bytes) {
        return FACTORY.createParser(ObjectReadContext.empty(), bytes);
    }

    /**
     * Reads one value.
     *
     * @param cause of the failure, should it not be JSON: the caller's fault or the supplier's
     * @throws Failed with line, column and the path of the member
     */
    public static JsonNode read(byte[] bytes, Cause cause) {
        requireUtf8(bytes, cause);
        ObjectReader reader = cause == Cause.INVALID_REQUEST ? STRICT : LENIENT;
        try (JsonParser parser = reader.createParser(bytes)) {
            try {
                JsonNode node = reader.readTree(parser);
                if (node != null && parser.nextToken() != null) {
                    throw new Failed(Failure.of(cause, "There is more behind the JSON value."));
                }
                if (node == null || node.isMissingNode()) {
                    throw new Failed(Failure.of(cause, "The body is empty; JSON was expected."));
                }
                return node;
            } catch (JacksonException e) {
                throw malformed(e, parser, cause);
            }
        }
    }

    public static JsonNode read(String text, Cause cause) {
        return read(text.getBytes(StandardCharsets.UTF_8), cause);
    }

    public static byte[] write(JsonNode node) {
        return MAPPER.writeValueAsBytes(node);
    }

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Refuses a byte order mark and UTF-16 or UTF-32, with a message that says so. */
    public static void requireUtf8(byte[] bytes, Cause cause) {
        if (bytes.length >= 3
                && bytes[0] == (byte) 0xEF
                && bytes[1] == (byte) 0xBB
                && bytes[2] == (byte) 0xBF) {
            throw new Failed(
                    Failure.of(
                            cause,
                            "The body begins with a byte order mark; send UTF-8 without it"
                                    + " (RFC 8259, section 8.1)."));
        }
        boolean wide =
                bytes.length >= 2
                        && (bytes[0] == 0
                                || bytes[1] == 0
                                || ((bytes[0] & 0xFE) == 0xFE && (bytes[1] & 0xFE) == 0xFE));
        if (wide) {
            throw new Failed(
                    Failure.of(cause, "The body is not UTF-8 but looks like UTF-16 or UTF-32."));
        }
    }

    /** The failure for a body that the parser refused where it stands now. */
    public static Failed malformed(JacksonException e, JsonParser parser, Cause cause) {
        var at = e.getLocation() == null ? parser.currentLocation() : e.getLocation();
        String path = path(parser.streamReadContext());
        String message =
                "The body is not valid JSON: line %d, column %d%s: %s"
                        .formatted(
                                at.getLineNr(),
                                at.getColumnNr(),
                                path.isEmpty() ? "" : ", in '" + path + "'",
                                reason(e.getOriginalMessage()));
        return new Failed(
                new Failure(
                        cause,
                        message,
                        path.isEmpty() ? null : path,
                        "invalid_json",
                        null,
                        null,
                        null));
    }

    /** What the parser complains of, without the text it stumbled over: that may be content. */
    private static String reason(String message) {
        String first = message.lines().findFirst().orElse("");
        if (first.startsWith("Unrecognized token")) {
            return "unrecognized token.";
        }
        if (first.startsWith("Duplicate")) {
            return "a name stands twice in one object.";
        }
        int detail = first.indexOf(" (start marker");
        String kept = detail < 0 ? first : first.substring(0, detail);
        return kept.length() > 160 ? kept.substring(0, 160) + "…" : kept;
    }

    /** The place of a parser in the form {@code messages[2].content}. */
    public static String path(TokenStreamContext context) {
        var path = new StringBuilder();
        for (TokenStreamContext at = context; at != null && !at.inRoot(); at = at.getParent()) {
            if (at.inArray()) {
                path.insert(0, "[" + at.getCurrentIndex() + "]");
            } else if (at.currentName() != null) {
                path.insert(0, "." + at.currentName());
            }
        }
        return path.length() > 0 && path.charAt(0) == '.' ? path.substring(1) : path.toString();
    }
}
