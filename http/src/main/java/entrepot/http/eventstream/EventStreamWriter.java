package entrepot.http.eventstream;

import entrepot.http.eventstream.EventStreamMessage.Header;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;

/** Puts messages together, as bytes ready to send. */
public final class EventStreamWriter {

    private EventStreamWriter() {}

    /**
     * One message with its frame and checksums.
     *
     * @throws IllegalArgumentException when headers or payload are over the format's limits
     */
    public static byte[] write(EventStreamMessage message) {
        byte[] headers = headers(message.headers());
        limit("headers", headers.length, EventStreamMessage.HEADERS_BYTES_MAX);
        limit("payload", message.payload().length, EventStreamMessage.PAYLOAD_BYTES_MAX);
        int total = EventStreamMessage.FRAME_BYTES + headers.length + message.payload().length;
        var bytes = new byte[total];
        ByteBuffer out = ByteBuffer.wrap(bytes);
        out.putInt(total).putInt(headers.length);
        out.putInt(checksum(bytes, out.position()));
        out.put(headers).put(message.payload());
        out.putInt(checksum(bytes, out.position()));
        return bytes;
    }

    private static int checksum(byte[] bytes, int count) {
        var crc = new CRC32();
        crc.update(bytes, 0, count);
        return (int) crc.getValue();
    }

    private static byte[] headers(List<Header> headers) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            for (Header header : headers) {
                byte[] name = header.name().getBytes(StandardCharsets.UTF_8);
                out.writeByte(name.length);
                out.write(name);
                value(out, header.value());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void value(DataOutputStream out, HeaderValue value) throws IOException {
        switch (value) {
            case HeaderValue.Bool bool -> out.writeByte(bool.value() ? 0 : 1);
            case HeaderValue.Int8 number -> type(out, 2).writeByte(number.value());
            case HeaderValue.Int16 number -> type(out, 3).writeShort(number.value());
            case HeaderValue.Int32 number -> type(out, 4).writeInt(number.value());
            case HeaderValue.Int64 number -> type(out, 5).writeLong(number.value());
            case HeaderValue.Bytes bytes -> counted(type(out, 6), bytes.value());
            case HeaderValue.Text text ->
                    counted(type(out, 7), text.value().getBytes(StandardCharsets.UTF_8));
            case HeaderValue.Timestamp time -> type(out, 8).writeLong(time.epochMillis());
            case HeaderValue.Uuid uuid -> {
                type(out, 9).writeLong(uuid.value().getMostSignificantBits());
                out.writeLong(uuid.value().getLeastSignificantBits());
            }
        }
    }

    private static DataOutputStream type(DataOutputStream out, int type) throws IOException {
        out.writeByte(type);
        return out;
    }

    private static void counted(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    private static void limit(String what, int bytes, int bytesMax) {
        if (bytes > bytesMax) {
            throw new IllegalArgumentException(
                    what + " of " + bytes + " bytes, at most " + bytesMax);
        }
    }
}
