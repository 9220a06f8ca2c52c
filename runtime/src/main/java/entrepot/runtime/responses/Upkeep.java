package entrepot.runtime.responses;

import entrepot.runtime.responses.ResponseStore.Held;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
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
    private final Consumer<StoredResponse> successor;
    private final Map<Held, Runnable> held = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /**
     * @param successor is given what was taken over, held by this node; must return soon
     */
    public Upkeep(
            ResponseStore responses,
            ConversationStore conversations,
            Consumer<StoredResponse> successor) {
        this.responses = responses;
        this.conversations = conversations;
        this.successor = successor;
        this.thread = Thread.ofVirtual().name("responses-upkeep").unstarted(this::run);
    }

    public void start() {
        thread.start();
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

    private void run() {
        long millis = ResponseStore.beats(responses.settings()).toMillis();
        try {
            for (int round = 0; ; round++) {
                try {
                    round();
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
    public void round() {
        for (Held gone : responses.beat(List.copyOf(new ArrayList<>(held.keySet())))) {
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
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
