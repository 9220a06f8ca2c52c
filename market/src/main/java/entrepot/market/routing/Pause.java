package entrepot.market.routing;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for time to pass; a test's may move its clock instead. */
@FunctionalInterface
public interface Pause {

    /** Waits in this thread. */
    Pause REAL =
            duration -> {
                // Nobody ever counts down: this only waits, and can be interrupted.
                boolean never =
                        new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS);
                assert !never;
            };

    void await(Duration duration) throws InterruptedException;
}
