package entrepot.http.sse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Puts server-sent events together, as bytes ready to send. */
public final class SseWriter {

    private static final byte[] DATA = ascii("data: ");

    private SseWriter() {}

    /** An event of data alone. */
    public static byte[] data(String data) {
        return event("", "", data.getBytes(StandardCharsets.UTF_8));
    }

    /** An event of a type. */
    public static byte[] event(String type, String data) {
        return event(type, "", data.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * An event.
     *
     * @param type empty for none
     * @param id empty for none
     * @param data UTF-8; each of its lines becomes a field
     * @throws IllegalArgumentException when type or id have a line break or NUL, which would begin
     *     another field
     */
    public static byte[] event(String type, String id, byte[] data) {
        var out = new ByteArrayOutputStream(data.length + type.length() + id.length() + 32);
        field(out, "event: ", type);
        field(out, "id: ", id);
        lines(out, DATA, data);
        out.write('\n');
        return out.toByteArray();
    }

    /** A comment: nothing to a reader, but it keeps the connection alive. */
    public static byte[] comment(String text) {
        var out = new ByteArrayOutputStream(text.length() + 4);
        lines(out, ascii(": "), text.getBytes(StandardCharsets.UTF_8));
        out.write('\n');
        return out.toByteArray();
    }

    private static void field(ByteArrayOutputStream out, String name, String value) {
        if (value.isEmpty()) {
            return;
        }
        if (value.chars().anyMatch(c -> c == '\n' || c == '\r' || c == 0)) {
            throw new IllegalArgumentException("a line break or NUL in " + name.trim());
        }
        out.writeBytes(ascii(name));
        out.writeBytes(value.getBytes(StandardCharsets.UTF_8));
        out.write('\n');
    }

    /** CR, LF and CRLF all end a line. */
    private static void lines(ByteArrayOutputStream out, byte[] name, byte[] text) {
        int start = 0;
        for (int at = 0; at <= text.length; at++) {
            if (at < text.length && text[at] != '\n' && text[at] != '\r') {
                continue;
            }
            out.writeBytes(name);
            out.write(text, start, at - start);
            out.write('\n');
            if (at + 1 < text.length && text[at] == '\r' && text[at + 1] == '\n') {
                at++;
            }
            start = at + 1;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
