package entrepot.runtime.responses;

import entrepot.runtime.responses.ResponseStore.Held;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One node's round: says that it still works on what it holds, takes over what a node that died
 * left behind, and sweeps what is over.
 */
public final class Upkeep implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final int TAKE_MAX = 64;

    /** Rounds from one sweep to the next. */
    private static final int ROUNDS_PER_SWEEP = 6;

    private final ResponseStore responses;
    private final ConversationStore conversations;
    private final Map<Held, Runnable> held = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread thread;

    public Upkeep(ResponseStore responses, ConversationStore conversations) {
        this.responses = responses;
        this.conversations = conversations;
    }

    /**
     * Begins the rounds.
     *
     * @param successor is given what was taken over, held by this node; must return soon
     */
    public void start(Consumer<StoredResponse> successor) {
        thread = Thread.ofVirtual().name("responses-upkeep").start(() -> run(successor));
    }

    /**
     * Keeps a response held until it is dropped.
     *
     * @param lost is told, once, when it is not held any more; must return at once
     */
    public void hold(Held work, Runnable lost) {
        held.put(work, lost);
    }

    public void drop(Held work) {
        held.remove(work);
    }

    private void run(Consumer<StoredResponse> successor) {
        long millis = ResponseStore.beats(responses.settings()).toMillis();
        try {
            for (int round = 0; ; round++) {
                try {
                    round(successor);
                    if (round % ROUNDS_PER_SWEEP == 0) {
                        sweep();
                    }
                } catch (RuntimeException e) {
                    LOG.warn("kept responses were not looked after: {}", e.toString());
                }
                if (closed.await(millis, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Beats, then takes over what nobody beats for. */
    public void round(Consumer<StoredResponse> successor) {
        for (Held gone : responses.beat(List.copyOf(held.keySet()))) {
            Runnable lost = held.remove(gone);
            if (lost != null) {
                lost.run();
            }
        }
        responses.takeOver(TAKE_MAX).forEach(successor);
    }

    /** Removes what is over. Returns how many responses and conversations. */
    public int sweep() {
        return responses.sweep() + conversations.sweep();
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            if (thread != null) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
