package entrepot.protocols.google.wire;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/**
 * The payloads of server-sent events, wherever chunks are cut (HTML, section 9.2.6). Of an event
 * only its data matters here. One thread at a time.
 */
public final class SsePayloads {

    /** An event that is longer is given up, and so is all behind it. */
    public static final int EVENT_BYTES_MAX = 32 * 1024 * 1024;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private boolean afterReturn;
    private boolean hasData;
    private boolean tooLong;

    /** Whether an event was too long. */
    public boolean tooLong() {
        return tooLong;
    }

    /** Takes the next bytes, and hands over each payload that they complete. */
    public void push(byte[] bytes, Consumer<byte[]> payloads) {
        if (tooLong) {
            return;
        }
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
            line(payloads);
        }
        line.write(bytes, from, bytes.length - from);
        if ((long) line.size() + data.size() > EVENT_BYTES_MAX) {
            tooLong = true;
            line.reset();
            data.reset();
            hasData = false;
        }
    }

    /** Hands over what some servers leave without an end. */
    public void end(Consumer<byte[]> payloads) {
        if (line.size() > 0) {
            line(payloads);
        }
        dispatch(payloads);
    }

    private void line(Consumer<byte[]> payloads) {
        byte[] text = line.toByteArray();
        line.reset();
        if (text.length == 0) {
            dispatch(payloads);
        } else if (isData(text)) {
            int start = text.length > 5 && text[5] == ' ' ? 6 : 5;
            if (hasData) {
                data.write('\n');
            }
            data.write(text, start, text.length - start);
            hasData = true;
        }
    }

    private static boolean isData(byte[] text) {
        return text.length >= 5
                && text[0] == 'd'
                && text[1] == 'a'
                && text[2] == 't'
                && text[3] == 'a'
                && text[4] == ':';
    }

    private void dispatch(Consumer<byte[]> payloads) {
        if (hasData && data.size() > 0) {
            payloads.accept(data.toByteArray());
        }
        data.reset();
        hasData = false;
    }
}
