package entrepot.http.engine;

import entrepot.http.engine.Reception.Refusal;

import io.vertx.core.buffer.Buffer;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** A request's body being read, within the limits for one and for all of them. */
final class Upload {

    private static final int FIRST_BYTES = 16 * 1024;

    private final int bytesMax;
    private final Admission admission;
    private byte[] bytes = new byte[0];
    private int length;
    private int held;
    private int declared = -1;
    private boolean refused;
    private long touched = System.nanoTime();
    private Runnable stalled = () -> {};

    Upload(int bytesMax, Admission admission) {
        this.bytesMax = bytesMax;
        this.admission = admission;
    }

    void onStall(Runnable then) {
        stalled = then;
    }

    /** A declared length is held at once, so that many that have just begun cannot overrun us. */
    @Nullable Refusal declare(@Nullable String contentLength) {
        if (contentLength == null) {
            return null;
        }
        if (contentLength.length() > 10 || Long.parseLong(contentLength) > bytesMax) {
            return Refusal.BODY_TOO_LARGE;
        }
        declared = Integer.parseInt(contentLength);
        return hold(declared);
    }

    @Nullable Refusal add(Buffer chunk) {
        if (refused) {
            return null;
        }
        touched = System.nanoTime();
        int more = chunk.length();
        if (more > bytesMax - length) {
            refused = true;
            return Refusal.BODY_TOO_LARGE;
        }
        if (declared < 0) {
            Refusal refusal = hold(more);
            if (refusal != null) {
                refused = true;
                return refusal;
            }
        }
        grow(more);
        chunk.getBytes(bytes, length);
        length += more;
        return null;
    }

    private @Nullable Refusal hold(int more) {
        if (!admission.hold(more)) {
            return Refusal.BUSY;
        }
        held += more;
        return null;
    }

    private void grow(int more) {
        if (length + more > bytes.length) {
            long wanted = Math.max((long) bytes.length * 2, Math.max(FIRST_BYTES, length + more));
            int most = declared >= 0 ? Math.max(declared, length + more) : bytesMax;
            bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, most));
        }
    }

    /** What has come; it stays held. */
    byte[] body() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    void drop() {
        refused = true;
        admission.free(held);
        held = 0;
        bytes = new byte[0];
        length = 0;
    }

    void sweep(long now, long nanosMax) {
        if (now - touched > nanosMax) {
            stalled.run();
        }
    }
}
