package entrepot.http.sse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Takes a stream of server-sent events apart (WHATWG HTML §9.2.6). Bytes may come cut anywhere,
 * also inside a character or between CR and LF: text is only decoded when its event is complete. A
 * field that is unknown or cannot be read is passed over and nothing else with it.
 *
 * <p>Holds at most one line and one event. Not safe for several threads at once.
 */
public final class SseParser {

    private static final byte[] DATA = ascii("data");
    private static final byte[] EVENT = ascii("event");
    private static final byte[] ID = ascii("id");
    private static final byte[] RETRY = ascii("retry");
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final int RETRY_DIGITS_MAX = 15;

    private final int bytesMax;
    private final Bytes line = new Bytes();
    private final Bytes data = new Bytes();
    private boolean hasData;
    private String type = "";
    private String id = "";
    private long retryMillis = -1;
    private boolean first = true;
    private boolean afterReturn;

    /**
     * @param eventBytesMax of one event's data, and of any one line
     */
    public SseParser(int eventBytesMax) {
        this.bytesMax = eventBytesMax;
    }

    /**
     * Takes the next bytes, and hands over each event that they complete.
     *
     * @throws EventTooLarge when an event does not fit
     */
    public void push(byte[] bytes, Consumer<SseEvent> events) {
        int start = 0;
        for (int at = 0; at < bytes.length; at++) {
            byte b = bytes[at];
            if (b != '\n' && b != '\r') {
                continue;
            }
            boolean secondHalf = b == '\n' && afterReturn && at == start && line.length == 0;
            afterReturn = b == '\r';
            if (!secondHalf) {
                line(bytes, start, at, events);
            }
            start = at + 1;
        }
        if (start < bytes.length) {
            afterReturn = false;
            line.add(bytes, start, bytes.length, bytesMax);
        }
    }

    /**
     * The stream is over. By the standard an event without its empty line is none; but some peers
     * forget that last line, so what is complete but for it is handed over.
     */
    public void end(Consumer<SseEvent> events) {
        if (line.length > 0) {
            line(new byte[0], 0, 0, events);
        }
        dispatch(events);
    }

    /** What the stream last asked a reconnecting client to wait. */
    public OptionalLong retryMillis() {
        return retryMillis < 0 ? OptionalLong.empty() : OptionalLong.of(retryMillis);
    }

    /** A whole line: what waits of it, and its last part. */
    private void line(byte[] bytes, int from, int to, Consumer<SseEvent> events) {
        if (line.length == 0) {
            if (to - from > bytesMax) {
                throw new EventTooLarge(bytesMax);
            }
            read(bytes, from, to, events);
        } else {
            line.add(bytes, from, to, bytesMax);
            int length = line.length;
            line.length = 0;
            read(line.array, 0, length, events);
        }
    }

    private void read(byte[] bytes, int start, int to, Consumer<SseEvent> events) {
        int from = start;
        if (first) {
            first = false;
            if (starts(bytes, from, to, MARK)) {
                from += MARK.length;
            }
        }
        if (from == to) {
            dispatch(events);
            return;
        }
        int colon = from;
        while (colon < to && bytes[colon] != ':') {
            colon++;
        }
        int value = Math.min(to, colon + 1);
        if (value < to && bytes[value] == ' ') {
            value++;
        }
        field(bytes, from, colon, value, to);
    }

    private void field(byte[] bytes, int from, int colon, int value, int to) {
        if (named(bytes, from, colon, DATA)) {
            if (hasData) {
                data.add((byte) '\n', bytesMax);
            }
            hasData = true;
            data.add(bytes, value, to, bytesMax);
        } else if (named(bytes, from, colon, EVENT)) {
            type = text(bytes, value, to);
        } else if (named(bytes, from, colon, ID)) {
            String given = text(bytes, value, to);
            if (given.indexOf('\0') < 0) {
                id = given;
            }
        } else if (named(bytes, from, colon, RETRY)) {
            retry(text(bytes, value, to));
        }
    }

    private void retry(String value) {
        if (!value.isEmpty()
                && value.length() <= RETRY_DIGITS_MAX
                && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            retryMillis = Long.parseLong(value);
        }
    }

    /** An event without any data field is none; one whose data is empty is one. */
    private void dispatch(Consumer<SseEvent> events) {
        String named = type.isEmpty() ? SseEvent.MESSAGE : type;
        type = "";
        if (hasData) {
            hasData = false;
            byte[] whole = Arrays.copyOf(data.array, data.length);
            data.length = 0;
            events.accept(new SseEvent(named, whole, id));
        }
    }

    private static boolean named(byte[] bytes, int from, int to, byte[] name) {
        return to - from == name.length && starts(bytes, from, to, name);
    }

    private static boolean starts(byte[] bytes, int from, int to, byte[] with) {
        return to - from >= with.length
                && Arrays.equals(bytes, from, from + with.length, with, 0, with.length);
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Bytes that grow, within a limit. */
    private static final class Bytes {

        private byte[] array = new byte[256];
        private int length;

        private void add(byte[] bytes, int from, int to, int max) {
            room(to - from, max);
            System.arraycopy(bytes, from, array, length, to - from);
            length += to - from;
        }

        private void add(byte b, int max) {
            room(1, max);
            array[length++] = b;
        }

        private void room(int more, int max) {
            if (more > max - length) {
                throw new EventTooLarge(max);
            }
            if (length + more > array.length) {
                int wanted = Math.max(length + more, Math.min(max, array.length * 2));
                array = Arrays.copyOf(array, wanted);
            }
        }
    }
}
