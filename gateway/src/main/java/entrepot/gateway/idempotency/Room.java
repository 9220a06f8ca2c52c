package entrepot.gateway.idempotency;

import java.util.concurrent.atomic.AtomicLong;

/** How many more bytes of answers may be held. */
final class Room {

    private final AtomicLong left;

    Room(long bytesMax) {
        left = new AtomicLong(bytesMax);
    }

    boolean take(long bytes) {
        if (left.addAndGet(-bytes) >= 0) {
            return true;
        }
        give(bytes);
        return false;
    }

    void give(long bytes) {
        long _ = left.addAndGet(bytes);
    }
}
