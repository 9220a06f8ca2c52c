package entrepot.protocols.google.gemini;

import static java.nio.charset.StandardCharsets.US_ASCII;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.protocols.Meter;
import entrepot.protocols.google.GoogleErrors;
import entrepot.protocols.google.wire.GeminiGlance;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Reads the usage beside a stream of server-sent events that is relayed as it comes, or as the JSON
 * array that Google sends to callers who did not ask for events.
 *
 * <p>It frames events by itself, on bytes, wherever chunks are cut. One thread at a time; never
 * blocks.
 */
public final class GeminiMeter implements Meter {

    /** An event that is longer is let through unread. */
    public static final int EVENT_BYTES_MAX = 32 * 1024 * 1024;

    private static final byte[] NOTHING = {};
    private static final byte[] BETWEEN = ",\r\n".getBytes(US_ASCII);

    private final boolean asArray;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final GeminiGlance glance = new GeminiGlance();
    private boolean afterReturn;
    private boolean hasData;
    private boolean blind;
    private long elements;
    private byte[] usage = NOTHING;
    private boolean finished;
    private long contentEvents;
    private @Nullable Failure failure;

    /**
     * @param asArray whether events go on as elements of one JSON array
     */
    public GeminiMeter(boolean asArray) {
        this.asArray = asArray;
    }

    @Override
    public byte[] chunk(byte[] bytes) {
        if (blind) {
            return asArray ? NOTHING : bytes;
        }
        var out = asArray ? new ByteArrayOutputStream(bytes.length) : null;
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte c = bytes[i];
            if (c != '\n' && c != '\r') {
                afterReturn = false;
                continue;
            }
            if (c == '\n' && afterReturn && i == from) {
                // The second half of a line's end.
                afterReturn = false;
                from = i + 1;
                continue;
            }
            line.write(bytes, from, i - from);
            from = i + 1;
            afterReturn = c == '\r';
            line(out);
        }
        line.write(bytes, from, bytes.length - from);
        if (line.size() + data.size() > EVENT_BYTES_MAX) {
            blind = true;
            line.reset();
            data.reset();
            failure =
                    Failure.of(
                            Cause.SUPPLIER_FAILED,
                            "The supplier sent an event of more than "
                                    + EVENT_BYTES_MAX
                                    + " bytes.");
        }
        return out == null ? bytes : out.toByteArray();
    }

    @Override
    public byte[] end() {
        var out = asArray ? new ByteArrayOutputStream() : null;
        if (line.size() > 0) {
            line(out);
        }
        dispatch(out);
        if (out != null) {
            out.writeBytes((elements == 0 ? "[]" : "]").getBytes(US_ASCII));
            return out.toByteArray();
        }
        return NOTHING;
    }

    private void line(@Nullable ByteArrayOutputStream out) {
        byte[] text = line.toByteArray();
        line.reset();
        if (text.length == 0) {
            dispatch(out);
        } else if (text.length >= 5 && isData(text)) {
            int start = text.length > 5 && text[5] == ' ' ? 6 : 5;
            if (hasData) {
                data.write('\n');
            }
            data.write(text, start, text.length - start);
            hasData = true;
        }
    }

    private static boolean isData(byte[] text) {
        return text[0] == 'd'
                && text[1] == 'a'
                && text[2] == 't'
                && text[3] == 'a'
                && text[4] == ':';
    }

    private void dispatch(@Nullable ByteArrayOutputStream out) {
        if (!hasData) {
            return;
        }
        byte[] payload = data.toByteArray();
        data.reset();
        hasData = false;
        if (payload.length == 0) {
            return;
        }
        read(payload);
        if (out != null) {
            if (elements == 0) {
                out.write('[');
            } else {
                out.writeBytes(BETWEEN);
            }
            out.writeBytes(payload);
        }
        elements++;
    }

    private void read(byte[] payload) {
        if (!glance.read(payload)) {
            // It passes as it came; the client will say what it thinks of it.
            return;
        }
        finished |= glance.finished();
        if (glance.content()) {
            contentEvents++;
        }
        if (glance.usageEnd() > glance.usageStart()) {
            usage = Arrays.copyOfRange(payload, glance.usageStart(), glance.usageEnd());
        }
        if (glance.error()) {
            failure = GoogleErrors.read(Json.read(payload, Cause.SUPPLIER_FAILED));
        }
    }

    @Override
    public Usage usage() {
        try {
            return usage.length == 0
                    ? Usage.NONE
                    : GeminiUsage.read(Json.read(usage, Cause.SUPPLIER_FAILED));
        } catch (Failed malformed) {
            return Usage.NONE;
        }
    }

    @Override
    public boolean usageReported() {
        return usage.length > 0;
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
