package entrepot.http.eventstream;

import entrepot.http.eventstream.EventStreamBroken.Reason;
import entrepot.http.eventstream.EventStreamMessage.Header;

import org.jspecify.annotations.Nullable;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * Takes a stream of messages apart. Bytes may come cut anywhere. A message is only handed over when
 * both of its checksums are right; its lengths are believed only after their own checksum, and room
 * is made for what has come, never for what was announced.
 *
 * <p>Holds at most one message. Once broken it stays broken. Not safe for several threads at once.
 */
public final class EventStreamParser {

    static final int PRELUDE_BYTES = 12;
    static final int CHECKSUM_BYTES = 4;

    private static final int LENGTHS_BYTES = 8;
    private static final int HELD_BYTES_START = 1024;

    /** What is kept between messages; more goes back after the message that needed it. */
    private static final int HELD_BYTES_KEPT_MAX = 64 * 1024;

    private final int messageBytesMax;
    private byte[] held = new byte[HELD_BYTES_START];
    private int length;
    private int total;
    private int headersLength;
    private @Nullable EventStreamBroken broken;

    /** With the limits of the format. */
    public EventStreamParser() {
        this(EventStreamMessage.MESSAGE_BYTES_MAX);
    }

    /**
     * @param messageBytesMax of one whole message with its frame
     */
    public EventStreamParser(int messageBytesMax) {
        this.messageBytesMax = messageBytesMax;
    }

    /**
     * Takes the next bytes, and hands over each message that they complete.
     *
     * @throws EventStreamBroken when the stream cannot be read on
     */
    public void push(byte[] bytes, Consumer<EventStreamMessage> messages) {
        refuseWhenBroken();
        int at = 0;
        while (at < bytes.length) {
            int wanted = (length < PRELUDE_BYTES ? PRELUDE_BYTES : total) - length;
            int taken = Math.min(wanted, bytes.length - at);
            hold(bytes, at, taken);
            at += taken;
            if (taken < wanted) {
                return;
            }
            if (length == PRELUDE_BYTES) {
                prelude();
            } else {
                EventStreamMessage message = message();
                release();
                messages.accept(message);
            }
        }
    }

    /**
     * The stream is over.
     *
     * @throws EventStreamBroken when it ended within a message
     */
    public void end() {
        refuseWhenBroken();
        if (length > 0) {
            throw breakOff(
                    Reason.TRUNCATED,
                    "the event stream ended "
                            + length
                            + " bytes into a message"
                            + (length < PRELUDE_BYTES ? "" : " of " + total));
        }
    }

    private void prelude() {
        ByteBuffer prelude = ByteBuffer.wrap(held, 0, PRELUDE_BYTES);
        long totalBytes = Integer.toUnsignedLong(prelude.getInt());
        long headersBytes = Integer.toUnsignedLong(prelude.getInt());
        if (prelude.getInt() != checksum(LENGTHS_BYTES)) {
            throw breakOff(Reason.PRELUDE_CHECKSUM, "the lengths of an event fail their checksum");
        }
        if (totalBytes > messageBytesMax) {
            throw breakOff(
                    Reason.TOO_LARGE,
                    "an event of " + totalBytes + " bytes, at most " + messageBytesMax);
        }
        if (headersBytes > EventStreamMessage.HEADERS_BYTES_MAX) {
            throw breakOff(
                    Reason.TOO_LARGE,
                    "an event with headers of "
                            + headersBytes
                            + " bytes, at most "
                            + EventStreamMessage.HEADERS_BYTES_MAX);
        }
        if (totalBytes < EventStreamMessage.FRAME_BYTES + headersBytes) {
            throw breakOff(
                    Reason.LENGTHS,
                    "an event of "
                            + totalBytes
                            + " bytes cannot hold headers of "
                            + headersBytes
                            + " bytes");
        }
        long payloadBytes = totalBytes - EventStreamMessage.FRAME_BYTES - headersBytes;
        if (payloadBytes > EventStreamMessage.PAYLOAD_BYTES_MAX) {
            throw breakOff(
                    Reason.TOO_LARGE,
                    "an event with a payload of "
                            + payloadBytes
                            + " bytes, at most "
                            + EventStreamMessage.PAYLOAD_BYTES_MAX);
        }
        total = (int) totalBytes;
        headersLength = (int) headersBytes;
    }

    private EventStreamMessage message() {
        int end = total - CHECKSUM_BYTES;
        if (ByteBuffer.wrap(held, end, CHECKSUM_BYTES).getInt() != checksum(end)) {
            throw breakOff(
                    Reason.MESSAGE_CHECKSUM, "an event of " + total + " bytes fails its checksum");
        }
        int payload = PRELUDE_BYTES + headersLength;
        List<Header> headers = headers(ByteBuffer.wrap(held, PRELUDE_BYTES, headersLength));
        return new EventStreamMessage(headers, Arrays.copyOfRange(held, payload, end));
    }

    private List<Header> headers(ByteBuffer in) {
        var headers = new ArrayList<Header>();
        try {
            while (in.hasRemaining()) {
                String name = text(bytes(in, Byte.toUnsignedInt(in.get())));
                headers.add(new Header(name, value(in)));
            }
            return headers;
        } catch (BufferUnderflowException e) {
            throw breakOff(Reason.HEADER, "a header of an event is cut off", e);
        } catch (CharacterCodingException e) {
            throw breakOff(Reason.HEADER, "a header of an event is not UTF-8", e);
        } catch (IllegalArgumentException e) {
            throw breakOff(Reason.HEADER, "a header of an event is wrong: " + e.getMessage(), e);
        }
    }

    private static HeaderValue value(ByteBuffer in) throws CharacterCodingException {
        int type = Byte.toUnsignedInt(in.get());
        return switch (type) {
            case 0 -> new HeaderValue.Bool(true);
            case 1 -> new HeaderValue.Bool(false);
            case 2 -> new HeaderValue.Int8(in.get());
            case 3 -> new HeaderValue.Int16(in.getShort());
            case 4 -> new HeaderValue.Int32(in.getInt());
            case 5 -> new HeaderValue.Int64(in.getLong());
            case 6 -> new HeaderValue.Bytes(bytes(in, Short.toUnsignedInt(in.getShort())));
            case 7 -> new HeaderValue.Text(text(bytes(in, Short.toUnsignedInt(in.getShort()))));
            case 8 -> new HeaderValue.Timestamp(in.getLong());
            case 9 -> new HeaderValue.Uuid(new UUID(in.getLong(), in.getLong()));
            default -> throw new IllegalArgumentException("type " + type + " is not known");
        };
    }

    private static byte[] bytes(ByteBuffer in, int count) {
        if (count > in.remaining()) {
            throw new BufferUnderflowException();
        }
        var bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    private static String text(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    private int checksum(int bytes) {
        var crc = new CRC32();
        crc.update(held, 0, bytes);
        return (int) crc.getValue();
    }

    private void hold(byte[] bytes, int from, int count) {
        if (length + count > held.length) {
            held = Arrays.copyOf(held, Math.max(length + count, Math.min(total, 2 * length)));
        }
        System.arraycopy(bytes, from, held, length, count);
        length += count;
    }

    private void release() {
        length = 0;
        if (held.length > HELD_BYTES_KEPT_MAX) {
            held = new byte[HELD_BYTES_START];
        }
    }

    private void refuseWhenBroken() {
        if (broken != null) {
            throw broken;
        }
    }

    private EventStreamBroken breakOff(Reason reason, String message) {
        held = new byte[0];
        broken = new EventStreamBroken(reason, message);
        return broken;
    }

    private EventStreamBroken breakOff(Reason reason, String message, Exception cause) {
        EventStreamBroken because = breakOff(reason, message);
        because.initCause(cause);
        return because;
    }
}
