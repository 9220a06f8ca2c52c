package entrepot.protocols.anthropic.messages;

import static java.nio.charset.StandardCharsets.US_ASCII;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.protocols.Meter;
import entrepot.protocols.anthropic.AnthropicErrors;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Reads the usage beside a stream that is relayed byte for byte.
 *
 * <p>It frames server-sent events by itself, on bytes, wherever chunks are cut, and hides nothing:
 * every chunk goes on as it came. Deltas, which are most of a stream, are told by their type alone;
 * only events that may hold usage, an error or a block are parsed. One thread at a time.
 */
public final class MessagesMeter implements Meter {

    /** An event that is longer is not read, and nor is anything behind it. */
    public static final int EVENT_BYTES_MAX = 32 * 1024 * 1024;

    private static final byte[] NOTHING = {};
    private static final byte[] DATA = "data:".getBytes(US_ASCII);
    private static final byte[] TYPE = "\"type\"".getBytes(US_ASCII);
    private static final byte[] BLOCK_DELTA = "\"content_block_delta\"".getBytes(US_ASCII);
    private static final byte[] BLOCK_STOP = "\"content_block_stop\"".getBytes(US_ASCII);
    private static final byte[] SIGNATURE = "\"signature_delta\"".getBytes(US_ASCII);
    private static final byte[] EMPTY = "\":\"\"".getBytes(US_ASCII);

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private boolean anyData;
    private boolean afterReturn;
    private boolean blind;

    private ObjectNode told = Json.object();
    private Usage usage = Usage.NONE;
    private boolean usageReported;
    private boolean finished;
    private long contentEvents;
    private @Nullable Failure failure;

    @Override
    public byte[] chunk(byte[] bytes) {
        int from = 0;
        for (int i = 0; i < bytes.length && !blind; i++) {
            byte c = bytes[i];
            if (c != '\n' && c != '\r') {
                continue;
            }
            // A line feed behind a return ends no other line, wherever they are cut apart.
            boolean second = c == '\n' && i == from && line.size() == 0 && follows(bytes, i);
            if (!second) {
                line.write(bytes, from, i - from);
                line();
            }
            from = i + 1;
        }
        if (bytes.length > 0) {
            afterReturn = bytes[bytes.length - 1] == '\r';
        }
        if (!blind && from < bytes.length) {
            line.write(bytes, from, bytes.length - from);
            limit();
        }
        return bytes;
    }

    private boolean follows(byte[] bytes, int at) {
        return at == 0 ? afterReturn : bytes[at - 1] == '\r';
    }

    @Override
    public byte[] end() {
        if (!blind) {
            // Some servers leave out the last line's end.
            line();
            dispatch();
        }
        return NOTHING;
    }

    private void line() {
        if (line.size() == 0) {
            dispatch();
            return;
        }
        byte[] bytes = line.toByteArray();
        line.reset();
        if (Arrays.mismatch(bytes, DATA) != DATA.length && !Arrays.equals(bytes, DATA)) {
            return;
        }
        int from = bytes.length > DATA.length && bytes[DATA.length] == ' ' ? 6 : DATA.length;
        if (anyData) {
            // Several data lines are one payload (HTML, section 9.2.6).
            data.write('\n');
        }
        anyData = true;
        data.write(bytes, from, bytes.length - from);
        limit();
    }

    private void limit() {
        if (line.size() + data.size() > EVENT_BYTES_MAX) {
            blind = true;
            line.reset();
            data.reset();
        }
    }

    private void dispatch() {
        if (!anyData) {
            return;
        }
        byte[] payload = data.toByteArray();
        data.reset();
        anyData = false;
        int type = after(payload, TYPE, 0);
        int value = type < 0 ? -1 : blank(payload, type);
        if (value > 0 && stands(payload, value, BLOCK_DELTA)) {
            delta(payload);
        } else if (value < 0 || !stands(payload, value, BLOCK_STOP)) {
            parsed(payload);
        }
    }

    private void delta(byte[] payload) {
        boolean says = after(payload, SIGNATURE, 0) < 0 && after(payload, EMPTY, 0) < 0;
        contentEvents += says ? 1 : 0;
    }

    private void parsed(byte[] payload) {
        JsonNode json;
        try {
            json = Json.read(payload, Cause.SUPPLIER_FAILED);
        } catch (Failed malformed) {
            // It passes as it came; the client will say what it thinks of it.
            return;
        }
        if (!(json instanceof ObjectNode event)) {
            return;
        }
        switch (event.path("type").asString("")) {
            case "message_start" -> {
                usage(event.path("message").path("usage"));
                reason(event.path("message").path("stop_reason"));
                contentEvents += event.path("message").path("content").size();
            }
            case "content_block_start" -> block(event.path("content_block"));
            case "content_block_delta" -> delta(payload);
            case "message_delta" -> {
                usage(event.path("usage"));
                reason(event.path("delta").path("stop_reason"));
            }
            case "message_stop" -> finished = true;
            default -> {
                if (MessagesAnswers.isError(event)) {
                    failure = AnthropicErrors.read(event);
                }
            }
        }
    }

    /** A block that opens with nothing in it has said nothing yet. */
    private void block(JsonNode block) {
        boolean empty =
                switch (block.path("type").asString("")) {
                    case "text" -> block.path("text").asString("").isEmpty();
                    case "thinking" -> block.path("thinking").asString("").isEmpty();
                    default -> false;
                };
        contentEvents += empty ? 0 : 1;
    }

    private void usage(JsonNode reported) {
        if (reported.isObject()) {
            told = MessagesUsage.merge(told, reported);
            usage = MessagesUsage.read(told);
            usageReported = true;
        }
    }

    private void reason(JsonNode word) {
        finished |= word.isString() && !word.stringValue().isEmpty();
    }

    private static boolean stands(byte[] bytes, int at, byte[] what) {
        return at + what.length <= bytes.length
                && Arrays.equals(bytes, at, at + what.length, what, 0, what.length);
    }

    /** Where the value of a name begins; -1 when no value does. */
    private static int blank(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && (bytes[at] == ' ' || bytes[at] == ':')) {
            at++;
        }
        return at < bytes.length ? at : -1;
    }

    /** The offset behind the first place where something stands; -1 when it does not. */
    private static int after(byte[] bytes, byte[] what, int from) {
        for (int at = from; at + what.length <= bytes.length; at++) {
            if (bytes[at] == what[0] && stands(bytes, at, what)) {
                return at + what.length;
            }
        }
        return -1;
    }

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
        return finished;
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
}
