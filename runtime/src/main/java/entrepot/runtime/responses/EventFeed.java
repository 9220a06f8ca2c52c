package entrepot.runtime.responses;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Follows one response by its stored events. A hint makes it look at once, and a clock makes it
 * look anyhow, since the work may be another node's. One thread at a time.
 */
public final class EventFeed implements AutoCloseable {

    private final ResponseStore store;
    private final ResponseKey key;
    private final Duration poll;
    private final Semaphore grown = new Semaphore(0);
    private final Runnable unsubscribe;
    private long after;

    EventFeed(ResponseStore store, ResponseKey key, long after, Duration poll, Hints hints) {
        this.store = store;
        this.key = key;
        this.after = after;
        this.poll = poll;
        this.unsubscribe = hints.onGrowth(key, grown::release);
    }

    /**
     * The next events.
     *
     * @param ended whether nothing more will come
     */
    public record Next(List<StoredEvent> events, boolean ended) {
        public Next {
            events = List.copyOf(events);
        }
    }

    /** Waits until there is something to tell, or this long. */
    public Next next(Duration wait) throws InterruptedException {
        long leftMillis = wait.toMillis();
        while (true) {
            grown.drainPermits();
            // First whether it has ended, then the events: an end comes with its last event.
            Optional<StoredResponse> response = store.find(key);
            boolean ended = response.isEmpty() || response.get().status().ended();
            List<StoredEvent> events = store.events(key, after);
            if (!events.isEmpty()) {
                after = events.getLast().number();
                return new Next(events, false);
            }
            if (ended || leftMillis <= 0) {
                return new Next(List.of(), ended);
            }
            long slice = Math.min(leftMillis, poll.toMillis());
            if (!grown.tryAcquire(slice, TimeUnit.MILLISECONDS)) {
                leftMillis -= slice;
            }
        }
    }

    /** Waits until the response has ended, or this long. */
    public boolean awaitEnd(Duration wait) throws InterruptedException {
        long leftMillis = wait.toMillis();
        while (true) {
            grown.drainPermits();
            Optional<StoredResponse> response = store.find(key);
            if (response.isEmpty() || response.get().status().ended()) {
                return true;
            }
            if (leftMillis <= 0) {
                return false;
            }
            long slice = Math.min(leftMillis, poll.toMillis());
            if (!grown.tryAcquire(slice, TimeUnit.MILLISECONDS)) {
                leftMillis -= slice;
            }
        }
    }

    @Override
    public void close() {
        unsubscribe.run();
    }
}
