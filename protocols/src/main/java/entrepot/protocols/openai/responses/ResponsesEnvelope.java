package entrepot.protocols.openai.responses;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A Responses request as its caller's bytes, of which only what routing, money and storing need is
 * known.
 *
 * <p>The whole body is validated once, in one pass and without building a tree. It can then be sent
 * on with another model in it and some of its members changed, every other byte as it came.
 */
public final class ResponsesEnvelope {

    private final byte[] body;
    private final EnvelopeScan scan;

    private ResponsesEnvelope(byte[] body, EnvelopeScan scan) {
        this.body = body;
        this.scan = scan;
    }

    /**
     * Validates a body.
     *
     * @param body kept, not copied
     * @throws Failed {@code INVALID_REQUEST} with line, column and member, when it is not one JSON
     *     object in UTF-8 with a model and an input, or a member that is read here has a wrong type
     *     or stands twice
     */
    public static ResponsesEnvelope scan(byte[] body) {
        Json.requireUtf8(body, Cause.INVALID_REQUEST);
        try (JsonParser parser = Json.parser(body)) {
            try {
                var scan = new EnvelopeScan(parser);
                scan.read();
                return new ResponsesEnvelope(body, scan);
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
        return Boolean.TRUE.equals(scan.flags.get("stream"));
    }

    /** Whether the caller wants the response kept; null when it did not say, which means yes. */
    public @Nullable Boolean store() {
        return scan.flags.get("store");
    }

    /** Whether the caller wants the answer made while it does not wait. */
    public boolean background() {
        return Boolean.TRUE.equals(scan.flags.get("background"));
    }

    /**
     * Whether an answer is wanted at all; null when not said, which means yes. Codex sends false to
     * have its prompt kept ready.
     */
    public @Nullable Boolean generate() {
        return scan.flags.get("generate");
    }

    /** The response that this one goes on from; null when there is none. */
    public @Nullable String previousResponseId() {
        return scan.previousResponseId;
    }

    /** The id of the conversation that this response belongs to; null when there is none. */
    public @Nullable String conversation() {
        return scan.conversation;
    }

    /** The most output tokens that the answer may have; null when the caller did not say. */
    public @Nullable Long maxOutputTokens() {
        return scan.maxOutputTokens;
    }

    /** Whether the request names something that only who stored it can resolve. */
    public boolean isStateful() {
        return background() || scan.previousResponseId != null || scan.conversation != null;
    }

    /** The body as it came. */
    public byte[] body() {
        return body;
    }

    /** The caller's bytes with another model. */
    public byte[] splice(String model) {
        return splice(model, Map.of());
    }

    /**
     * The caller's bytes with another model and other members.
     *
     * @param changes by name; a null node takes a member away
     */
    public byte[] splice(String model, Map<String, JsonNode> changes) {
        byte[] name = model.equals(scan.model) ? null : quoted(model);
        if (changes.isEmpty()) {
            return name == null ? body : replace(scan.memberOf("model"), name);
        }
        var left = new LinkedHashMap<>(changes);
        var out = new ByteArrayOutputStream(body.length);
        out.write(body, 0, scan.open + 1);
        boolean first = true;
        for (EnvelopeScan.Span member : scan.members) {
            JsonNode change = left.remove(member.name());
            if (change != null && change.isNull()) {
                continue;
            }
            comma(first, out);
            first = false;
            out.write(body, member.start(), member.valueStart() - member.start());
            if (change != null) {
                out.writeBytes(Json.write(change));
            } else if (member.name().equals("model") && name != null) {
                out.writeBytes(name);
            } else {
                out.write(body, member.valueStart(), member.end() - member.valueStart());
            }
        }
        for (Map.Entry<String, JsonNode> added : left.entrySet()) {
            if (!added.getValue().isNull()) {
                comma(first, out);
                first = false;
                out.writeBytes(quoted(added.getKey()));
                out.write(':');
                out.writeBytes(Json.write(added.getValue()));
            }
        }
        int rest = scan.members.getLast().end();
        out.write(body, rest, body.length - rest);
        return out.toByteArray();
    }

    private static void comma(boolean first, ByteArrayOutputStream out) {
        if (!first) {
            out.write(',');
        }
    }

    private byte[] replace(EnvelopeScan.Span span, byte[] by) {
        var out = new ByteArrayOutputStream(body.length + by.length);
        out.write(body, 0, span.valueStart());
        out.writeBytes(by);
        out.write(body, span.end(), body.length - span.end());
        return out.toByteArray();
    }

    private static byte[] quoted(String text) {
        return ('"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"')
                .getBytes(StandardCharsets.UTF_8);
    }
}
