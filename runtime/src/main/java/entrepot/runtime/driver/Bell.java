package entrepot.runtime.driver;

import entrepot.runtime.journal.SessionKey;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How others reach the thread that drives a session: it waits here while a model or a tool works,
 * and is rung when there is something to see. Ringing never blocks.
 */
public final class Bell {

    private final SessionKey key;
    private final Semaphore rings = new Semaphore(0);
    private final AtomicBoolean letterCame = new AtomicBoolean();
    private final AtomicBoolean stopAsked = new AtomicBoolean();

    public Bell(SessionKey key) {
        this.key = key;
    }

    public SessionKey key() {
        return key;
    }

    /** Something that was begun has got on. */
    void ring() {
        rings.release();
    }

    /** A letter has come for the session. */
    public void letterCame() {
        letterCame.set(true);
        ring();
    }

    /** Finish the step at hand, then give the session up. */
    public void stop() {
        stopAsked.set(true);
        ring();
    }

    boolean stopAsked() {
        return stopAsked.get();
    }

    /** Whether a letter came that the driving thread has not noticed. */
    public boolean isLetterWaiting() {
        return letterCame.get();
    }

    /** Whether a letter came since this was last asked. */
    boolean takeLetterCame() {
        return letterCame.getAndSet(false);
    }

    /** Waits until rung, at most so long. However often it was rung, it is heard once. */
    void await(long millis) throws InterruptedException {
        if (rings.tryAcquire(Math.max(1, millis), TimeUnit.MILLISECONDS)) {
            rings.drainPermits();
        }
    }
}
