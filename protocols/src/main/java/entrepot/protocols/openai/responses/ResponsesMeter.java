package entrepot.protocols.openai.responses;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.protocols.Meter;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.OpenAiErrors;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;

/**
 * Reads the usage beside a stream that is relayed byte for byte.
 *
 * <p>Usage belongs to the last event here, which every caller gets: nothing is ever hidden, and
 * every chunk goes on as it came. Of an event only its type is looked at, and the last one is
 * parsed. One thread at a time; never blocks.
 */
public final class ResponsesMeter implements Meter {

    /** An event that is longer is let through unread, and so is all behind it. */
    public static final int EVENT_BYTES_MAX = 32 * 1024 * 1024;

    private static final byte[] NOTHING = {};
    private static final byte[] DATA = "data:".getBytes(UTF_8);
    private static final byte[] EVENT = "event:".getBytes(UTF_8);
    private static final byte[] TYPE_FIRST = "{\"type\":\"".getBytes(UTF_8);

    private final Bytes line = new Bytes();
    private final Bytes payload = new Bytes();
    private String name = "";
    private boolean afterReturn;
    private boolean blind;

    private Usage usage = Usage.NONE;
    private boolean usageReported;
    private boolean finished;
    private boolean marked;
    private boolean items;
    private long contentEvents;
    private @Nullable Failure failure;

    @Override
    public Usage usage() {
        return usage;
    }

    @Override
    public boolean usageReported() {
        return usageReported;
    }

    @Override
    public boolean finished() {
        return finished || (marked && failure == null && (items || contentEvents > 0));
    }

    @Override
    public boolean content() {
        return contentEvents > 0;
    }

    @Override
    public long contentEvents() {
        return contentEvents;
    }

    @Override
    public @Nullable Failure failure() {
        return failure;
    }

    @Override
    public byte[] chunk(byte[] bytes) {
        for (int i = 0; i < bytes.length && !blind; i++) {
            byte c = bytes[i];
            boolean second = c == '\n' && afterReturn;
            afterReturn = c == '\r';
            if (c == '\n' || c == '\r') {
                if (!second) {
                    line();
                }
            } else {
                line.add(c);
                blind = line.length + payload.length > EVENT_BYTES_MAX;
            }
        }
        return bytes;
    }

    @Override
    public byte[] end() {
        if (!blind) {
            // Some servers leave out the last line's end.
            line();
            line();
        }
        return NOTHING;
    }

    private void line() {
        if (line.length == 0) {
            if (payload.length > 0) {
                event(payload.toArray());
            }
            payload.clear();
            name = "";
        } else if (line.startsWith(DATA)) {
            if (payload.length > 0) {
                payload.add((byte) '\n');
            }
            payload.add(line, line.skipSpace(DATA.length));
        } else if (line.startsWith(EVENT)) {
            int from = line.skipSpace(EVENT.length);
            name = new String(line.bytes, from, line.length - from, UTF_8);
        }
        line.clear();
    }

    private void event(byte[] event) {
        if (event[0] == '[') {
            marked = true;
            return;
        }
        if (finished || failure != null || marked) {
            return;
        }
        String type = type(event);
        type = type.isEmpty() ? name : type;
        if (type.endsWith(".delta")) {
            contentEvents++;
            return;
        }
        switch (type) {
            case "response.output_item.added" -> items = true;
            case "response.output_item.done" -> {
                items = true;
                contentEvents = Math.max(contentEvents, 1);
            }
            case "response.completed", "response.incomplete", "response.done" -> ended(event);
            case "response.failed", "error", "" -> broken(type, event);
            default -> {}
        }
    }

    private void ended(byte[] event) {
        finished = true;
        JsonNode response = parsed(event).path("response");
        usage(response);
        if (!response.path("output").isEmpty()) {
            contentEvents = Math.max(contentEvents, 1);
        }
    }

    private void usage(JsonNode response) {
        if (response.path("usage").isObject()) {
            usage = ResponsesUsage.of(response);
            usageReported = true;
        }
    }

    private void broken(String type, byte[] event) {
        if (!(parsed(event) instanceof ObjectNode root)) {
            return;
        }
        if (type.equals("response.failed")) {
            usage(root.path("response"));
            failure =
                    root.path("response") instanceof ObjectNode response
                            ? ResponsesAnswers.failure(response)
                            : OpenAiErrors.read(root);
        } else if (type.equals("error")
                || root.path("error").isObject()
                || root.path("error").isString()) {
            failure = OpenAiErrors.read(root);
        }
    }

    private static JsonNode parsed(byte[] event) {
        try {
            return Json.read(event, Cause.SUPPLIER_FAILED);
        } catch (Failed malformed) {
            // It passes as it came; the client will say what it thinks of it.
            return Json.object();
        }
    }

    /** The type of an event; most servers write it first. */
    private static String type(byte[] event) {
        if (Arrays.mismatch(event, TYPE_FIRST) == TYPE_FIRST.length) {
            int end = TYPE_FIRST.length;
            while (end < event.length && event[end] != '"') {
                end++;
            }
            return new String(event, TYPE_FIRST.length, end - TYPE_FIRST.length, UTF_8);
        }
        try (JsonParser parser = Json.parser(event)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return "";
            }
            for (String member = parser.nextName(); member != null; member = parser.nextName()) {
                JsonToken value = parser.nextToken();
                if (member.equals("type")) {
                    return value == JsonToken.VALUE_STRING ? parser.getString() : "";
                }
                parser.skipChildren();
            }
            return "";
        } catch (JacksonException malformed) {
            return "";
        }
    }

    /** Bytes that grow. */
    private static final class Bytes {

        private byte[] bytes = new byte[256];
        private int length;

        void add(byte c) {
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, length * 2);
            }
            bytes[length++] = c;
        }

        void add(Bytes other, int from) {
            int more = other.length - from;
            if (length + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
            }
            System.arraycopy(other.bytes, from, bytes, length, more);
            length += more;
        }

        boolean startsWith(byte[] prefix) {
            return length >= prefix.length
                    && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
        }

        int skipSpace(int from) {
            return from < length && bytes[from] == ' ' ? from + 1 : from;
        }

        byte[] toArray() {
            return Arrays.copyOf(bytes, length);
        }

        void clear() {
            length = 0;
        }
    }
}
