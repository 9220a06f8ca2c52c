package entrepot.http.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what is open at once, over all loops of a server. */
final class Admission {

    private final int exchangesMax;
    private final long bytesMax;
    private final AtomicInteger exchanges = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private volatile boolean closing;

    Admission(int exchangesMax, long bytesMax) {
        this.exchangesMax = exchangesMax;
        this.bytesMax = bytesMax;
    }

    boolean enter() {
        if (exchanges.incrementAndGet() > exchangesMax) {
            leave();
            return false;
        }
        return true;
    }

    void leave() {
        if (exchanges.decrementAndGet() == 0 && closing) {
            empty.complete(null);
        }
    }

    boolean hold(long count) {
        if (bytes.addAndGet(count) > bytesMax) {
            bytes.addAndGet(-count);
            return false;
        }
        return true;
    }

    void free(long count) {
        bytes.addAndGet(-count);
    }

    /** From now on nobody should enter; done when the last one has left. */
    CompletableFuture<Void> close() {
        closing = true;
        if (exchanges.get() == 0) {
            empty.complete(null);
        }
        return empty;
    }

    boolean closing() {
        return closing;
    }
}
