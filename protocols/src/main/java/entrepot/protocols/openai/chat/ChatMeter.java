package entrepot.protocols.openai.chat;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.protocols.Meter;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.OpenAiErrors;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Reads the usage beside a stream that is relayed byte for byte, and can hide it from a caller who
 * did not ask.
 *
 * <p>It frames server-sent events by itself, on bytes, wherever chunks are cut. Names are looked
 * for byte by byte; only an event that may hold usage or an error is parsed: one in a stream,
 * usually. Nothing is held back, but for the event that is not whole yet, and that only while
 * hiding. One thread at a time; never blocks.
 */
public final class ChatMeter implements Meter {

    /** An event that is longer is let through unread, and so is all behind it. */
    public static final int EVENT_BYTES_MAX = 32 * 1024 * 1024;

    private static final byte[] NOTHING = {};

    private final boolean hide;
    private final ChatGlance glance = new ChatGlance();

    /** The event that is not whole yet; the first {@code heldBytes} count. */
    private byte[] held = NOTHING;

    private int heldBytes;
    private boolean blind;

    /** Where the search for the end of a line goes on, and where that line began. */
    private int position;

    private int lineStart;
    private int dataStart = -1;
    private int dataEnd;
    private @Nullable ByteArrayOutputStream lines;

    private Usage usage = Usage.NONE;
    private boolean usageReported;
    private boolean finished;
    private boolean marked;
    private long contentEvents;
    private @Nullable Failure failure;

    /**
     * @param hideUsage whether to hold back the chunk that tells nothing but usage
     */
    public ChatMeter(boolean hideUsage) {
        this.hide = hideUsage;
    }

    /** The usage that was reported last; {@link Usage#NONE} when none was. */
    @Override
    public Usage usage() {
        return usage;
    }

    @Override
    public boolean usageReported() {
        return usageReported;
    }

    /** Whether a choice has ended, or the whole stream was marked as ended. */
    @Override
    public boolean finished() {
        return finished || marked;
    }

    /** Whether something was said: text, refusal, reasoning, a call; an error is none of these. */
    @Override
    public boolean content() {
        return contentEvents > 0;
    }

    /**
     * How many events said something. Most suppliers send a token in each, so that it is a fair
     * estimate of the output of a stream that broke off before its usage.
     */
    @Override
    public long contentEvents() {
        return contentEvents;
    }

    /** The error that came in the stream; null when none did. */
    @Override
    public @Nullable Failure failure() {
        return failure;
    }

    /**
     * Takes the next bytes of the stream.
     *
     * @return what to send on now: the same array, unless something is hidden or held back
     */
    @Override
    public byte[] chunk(byte[] bytes) {
        if (blind) {
            return bytes;
        }
        byte[] work = bytes;
        int end = bytes.length;
        boolean fresh = heldBytes == 0;
        if (!fresh) {
            append(bytes);
            work = held;
            end = heldBytes;
        }
        var passed = new Passed(work, fresh);
        int eventStart = 0;
        for (; position < end; position++) {
            byte c = work[position];
            if (c != '\n' && c != '\r') {
                continue;
            }
            if (c == '\r' && position + 1 == end) {
                // Whether a line feed belongs to it shows in the next chunk.
                break;
            }
            if (c == '\r' && work[position + 1] == '\n') {
                continue;
            }
            int lineEnd =
                    c == '\n' && position > lineStart && work[position - 1] == '\r'
                            ? position - 1
                            : position;
            boolean blank = lineEnd == lineStart;
            if (!blank) {
                line(work, lineEnd);
            } else if (dispatch(work) && hide) {
                passed.drop(eventStart, position + 1);
            }
            lineStart = position + 1;
            eventStart = blank ? lineStart : eventStart;
        }
        byte[] out = hide ? passed.until(eventStart, end) : bytes;
        return keep(work, fresh, eventStart, end) ? out : concat(out, work, eventStart, end);
    }

    /** To be called at the good end of the stream; returns what was still held back. */
    @Override
    public byte[] end() {
        if (blind || heldBytes == 0) {
            return NOTHING;
        }
        // Some servers leave out the last line's end.
        if (lineStart < heldBytes) {
            int lineEnd = held[heldBytes - 1] == '\r' ? heldBytes - 1 : heldBytes;
            line(held, lineEnd);
        }
        boolean drop = dispatch(held) && hide;
        byte[] rest = hide && !drop ? Arrays.copyOf(held, heldBytes) : NOTHING;
        heldBytes = 0;
        return rest;
    }

    private void append(byte[] bytes) {
        int needed = heldBytes + bytes.length;
        if (held.length < needed) {
            held = Arrays.copyOf(held, Math.max(needed, held.length * 2));
        }
        System.arraycopy(bytes, 0, held, heldBytes, bytes.length);
        heldBytes = needed;
    }

    /** Keeps the event that is not whole yet; false when it is too long to be kept. */
    private boolean keep(byte[] work, boolean fresh, int eventStart, int end) {
        int bytes = end - eventStart;
        if (bytes > EVENT_BYTES_MAX) {
            blind = true;
            held = NOTHING;
            heldBytes = 0;
            return !hide;
        }
        if (bytes > 0 && (fresh || eventStart > 0)) {
            if (held.length < bytes) {
                held = new byte[bytes];
            }
            System.arraycopy(work, eventStart, held, 0, bytes);
        }
        heldBytes = bytes;
        position -= eventStart;
        lineStart -= eventStart;
        dataStart = dataStart < 0 ? -1 : dataStart - eventStart;
        dataEnd -= eventStart;
        return true;
    }

    private static byte[] concat(byte[] first, byte[] work, int start, int end) {
        byte[] both = Arrays.copyOf(first, first.length + end - start);
        System.arraycopy(work, start, both, first.length, end - start);
        return both;
    }

    /** Takes a line that is not blank: of an event, only the data matters here. */
    private void line(byte[] work, int lineEnd) {
        int from = lineStart;
        if (lineEnd - from < 5
                || work[from] != 'd'
                || work[from + 1] != 'a'
                || work[from + 2] != 't'
                || work[from + 3] != 'a'
                || work[from + 4] != ':') {
            return;
        }
        from += 5;
        if (from < lineEnd && work[from] == ' ') {
            from++;
        }
        if (dataStart < 0) {
            dataStart = from;
            dataEnd = lineEnd;
            return;
        }
        // Several data lines are one payload (HTML, section 9.2.6); no supplier is known to do it.
        if (lines == null) {
            lines = new ByteArrayOutputStream();
            lines.write(work, dataStart, dataEnd - dataStart);
        }
        lines.write('\n');
        lines.write(work, from, lineEnd - from);
    }

    /** Reads an event that is whole; says whether it tells nothing but usage. */
    private boolean dispatch(byte[] work) {
        if (dataStart < 0) {
            return false;
        }
        boolean onlyUsage;
        if (lines == null) {
            onlyUsage = payload(work, dataStart, dataEnd);
        } else {
            byte[] joined = lines.toByteArray();
            lines = null;
            onlyUsage = payload(joined, 0, joined.length);
        }
        dataStart = -1;
        return onlyUsage;
    }

    private boolean payload(byte[] work, int start, int end) {
        if (end - start >= 6 && work[start] == '[' && work[start + 1] == 'D') {
            marked = true;
            return false;
        }
        glance.at(work, start, end);
        if (glance.content()) {
            contentEvents++;
        }
        finished |= glance.finished();
        return glance.worthParsing() && parsed(Arrays.copyOfRange(work, start, end));
    }

    private boolean parsed(byte[] payload) {
        JsonNode json;
        try {
            json = Json.read(payload, Cause.SUPPLIER_FAILED);
        } catch (Failed malformed) {
            // It passes as it came; the client will say what it thinks of it.
            return false;
        }
        if (!(json instanceof ObjectNode chunk)) {
            return false;
        }
        JsonNode usual = chunk.path("usage");
        JsonNode reported = usual.isObject() ? usual : chunk.path("x_groq").path("usage");
        if (reported.isObject()) {
            usage = ChatUsage.read(reported, chunk.path("service_tier"));
            usageReported = true;
        }
        if (chunk.path("error").isObject() || chunk.path("error").isString()) {
            failure = OpenAiErrors.read(chunk);
        }
        JsonNode choices = chunk.path("choices");
        return usual.isObject() && choices.isArray() && choices.isEmpty();
    }

    /** Collects what goes on while something is hidden. */
    private static final class Passed {

        private final byte[] work;
        private @Nullable ByteArrayOutputStream out;
        private final boolean fresh;
        private int from;

        Passed(byte[] work, boolean fresh) {
            this.work = work;
            this.fresh = fresh;
        }

        void drop(int start, int end) {
            if (out == null) {
                out = new ByteArrayOutputStream();
            }
            out.write(work, from, start - from);
            from = end;
        }

        /** What goes on: all until an offset, but for what was dropped. */
        byte[] until(int offset, int end) {
            if (out == null) {
                return fresh && offset == end ? work : Arrays.copyOfRange(work, 0, offset);
            }
            out.write(work, from, offset - from);
            return out.toByteArray();
        }
    }
}
