package entrepot.http.eventstream;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * One message.
 *
 * @param headers in the order of the wire
 * @param payload possibly empty; not to be changed
 */
public record EventStreamMessage(List<Header> headers, byte[] payload) {

    /** All headers of a message, encoded; the format's own limit. */
    public static final int HEADERS_BYTES_MAX = 128 * 1024;

    /** The payload of a message; the format's own limit. */
    public static final int PAYLOAD_BYTES_MAX = 24 * 1024 * 1024;

    /** What a message takes besides headers and payload: two lengths and two checksums. */
    public static final int FRAME_BYTES = 16;

    /** A whole message. */
    public static final int MESSAGE_BYTES_MAX = FRAME_BYTES + HEADERS_BYTES_MAX + PAYLOAD_BYTES_MAX;

    private static final int NAME_BYTES_MAX = 255;

    public EventStreamMessage {
        headers = List.copyOf(headers);
    }

    /** A message whose headers are all texts: names and values in turn. */
    public static EventStreamMessage of(byte[] payload, String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a header name without a value");
        }
        var headers = new Header[namesAndValues.length / 2];
        for (int i = 0; i < headers.length; i++) {
            var value = new HeaderValue.Text(namesAndValues[2 * i + 1]);
            headers[i] = new Header(namesAndValues[2 * i], value);
        }
        return new EventStreamMessage(List.of(headers), payload);
    }

    /** The first value under a name, which compares with case. */
    public @Nullable HeaderValue header(String name) {
        for (Header header : headers) {
            if (header.name().equals(name)) {
                return header.value();
            }
        }
        return null;
    }

    /** The first value under a name; null also when it is no text. */
    public @Nullable String text(String name) {
        return header(name) instanceof HeaderValue.Text text ? text.value() : null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EventStreamMessage message
                && headers.equals(message.headers)
                && Arrays.equals(payload, message.payload);
    }

    @Override
    public int hashCode() {
        return 31 * headers.hashCode() + Arrays.hashCode(payload);
    }

    /** Without the payload, which may be anything. */
    @Override
    public String toString() {
        return headers + " and " + payload.length + " bytes";
    }

    /** One header: a name of 1 to 255 bytes in UTF-8, and its value. */
    public record Header(String name, HeaderValue value) {

        public Header {
            int bytes = name.getBytes(StandardCharsets.UTF_8).length;
            if (bytes < 1 || bytes > NAME_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "a header name of " + bytes + " bytes, must be 1 to " + NAME_BYTES_MAX);
            }
        }
    }
}
