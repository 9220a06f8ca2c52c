package entrepot.protocols.bedrock;

import entrepot.protocols.Frame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * The frames in raw bytes of an AWS event stream, for who looks on beside a relay: wherever chunks
 * are cut, checksums left to the client at the end. What cannot be understood is let through: from
 * there on nothing is seen. One thread at a time.
 */
public final class EventFrames {

    /** A frame that is longer is let through unread, and so is all behind it. */
    public static final int FRAME_BYTES_MAX = 32 * 1024 * 1024;

    private static final int PRELUDE_BYTES = 12;
    private static final int CHECKSUM_BYTES = 4;
    private static final int TEXT = 7;
    private static final byte[] NOTHING = {};

    private byte[] held = NOTHING;
    private int heldBytes;
    private boolean blind;

    /** Takes the next bytes and hands on each frame that they complete. */
    public void push(byte[] bytes, Consumer<Frame> frames) {
        if (blind) {
            return;
        }
        byte[] work = bytes;
        int end = bytes.length;
        boolean fresh = heldBytes == 0;
        if (!fresh) {
            append(bytes);
            work = held;
            end = heldBytes;
        }
        int at = 0;
        while (end - at >= PRELUDE_BYTES) {
            ByteBuffer lengths = ByteBuffer.wrap(work, at, PRELUDE_BYTES);
            int total = lengths.getInt();
            int headers = lengths.getInt();
            if (total < PRELUDE_BYTES + CHECKSUM_BYTES
                    || total > FRAME_BYTES_MAX
                    || headers < 0
                    || headers > total - PRELUDE_BYTES - CHECKSUM_BYTES) {
                blind = true;
                held = NOTHING;
                heldBytes = 0;
                return;
            }
            if (end - at < total) {
                break;
            }
            frames.accept(frame(work, at, total, headers));
            at += total;
        }
        keep(work, fresh, at, end);
    }

    private void append(byte[] bytes) {
        int needed = heldBytes + bytes.length;
        if (held.length < needed) {
            held = Arrays.copyOf(held, Math.max(needed, held.length * 2));
        }
        System.arraycopy(bytes, 0, held, heldBytes, bytes.length);
        heldBytes = needed;
    }

    private void keep(byte[] work, boolean fresh, int at, int end) {
        int left = end - at;
        if (left == 0) {
            heldBytes = 0;
        } else if (!fresh) {
            System.arraycopy(held, at, held, 0, left);
            heldBytes = left;
        } else {
            held = Arrays.copyOfRange(work, at, end);
            heldBytes = left;
        }
    }

    private static Frame frame(byte[] work, int at, int total, int headersLength) {
        String event = "";
        String exception = "";
        boolean failed = false;
        int from = at + PRELUDE_BYTES + headersLength;
        ByteBuffer headers = ByteBuffer.wrap(work, at + PRELUDE_BYTES, headersLength);
        while (headers.remaining() > 1) {
            int nameLength = Byte.toUnsignedInt(headers.get());
            if (headers.remaining() < nameLength + 3) {
                break;
            }
            String name = text(headers, nameLength);
            // Bedrock's headers are texts; another type ends what is understood of them.
            if (headers.get() != TEXT) {
                break;
            }
            int length = Short.toUnsignedInt(headers.getShort());
            if (headers.remaining() < length) {
                break;
            }
            String value = text(headers, length);
            switch (name) {
                case ":event-type" -> event = value;
                case ":exception-type", ":error-code" -> exception = value;
                case ":message-type" -> failed = !value.equals("event");
                default -> {}
            }
        }
        byte[] payload = Arrays.copyOfRange(work, from, at + total - CHECKSUM_BYTES);
        return failed
                ? new Frame(Frame.Kind.EXCEPTION, exception, payload)
                : Frame.of(event, payload);
    }

    private static String text(ByteBuffer in, int length) {
        var bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A frame as Bedrock's bytes. */
    public static byte[] bytes(Frame frame) {
        boolean failed = frame.kind() == Frame.Kind.EXCEPTION;
        ByteBuffer headers = ByteBuffer.allocate(3 * 64 + 3 * frame.name().length());
        header(headers, failed ? ":exception-type" : ":event-type", frame.name());
        header(headers, ":content-type", "application/json");
        header(headers, ":message-type", failed ? "exception" : "event");
        int headersLength = headers.position();
        int total = PRELUDE_BYTES + headersLength + frame.data().length + CHECKSUM_BYTES;
        ByteBuffer out = ByteBuffer.allocate(total);
        out.putInt(total).putInt(headersLength);
        out.putInt(checksum(out.array(), out.position()));
        out.put(headers.array(), 0, headersLength).put(frame.data());
        out.putInt(checksum(out.array(), out.position()));
        return out.array();
    }

    private static void header(ByteBuffer out, String name, String value) {
        byte[] said = value.getBytes(StandardCharsets.UTF_8);
        out.put((byte) name.length()).put(name.getBytes(StandardCharsets.US_ASCII));
        out.put((byte) TEXT).putShort((short) said.length).put(said);
    }

    private static int checksum(byte[] bytes, int count) {
        var crc = new CRC32();
        crc.update(bytes, 0, count);
        return (int) crc.getValue();
    }
}
