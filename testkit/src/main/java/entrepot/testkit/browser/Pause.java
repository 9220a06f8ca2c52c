package entrepot.testkit.browser;

import java.util.concurrent.locks.LockSupport;

/** A short wait between two looks at something outside this process. */
final class Pause {

    private Pause() {}

    static void millis(long millis) throws InterruptedException {
        LockSupport.parkNanos(millis * 1_000_000);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
