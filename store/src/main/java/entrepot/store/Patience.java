package entrepot.store;

import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waiting that has an end, and that an interrupt does not cut short but is passed on after. */
final class Patience {

    private Patience() {}

    static void acquire(Semaphore room, int waitMillisMax, Supplier<DatabaseFailed> otherwise) {
        acquire(room, 1, waitMillisMax, otherwise);
    }

    static void acquire(
            Semaphore room, int count, int waitMillisMax, Supplier<DatabaseFailed> otherwise) {
        if (room.tryAcquire(count)) {
            return;
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillisMax);
        boolean interrupted = false;
        boolean acquired = false;
        for (long left = deadline - System.nanoTime();
                !acquired && left > 0;
                left = deadline - System.nanoTime()) {
            try {
                acquired = room.tryAcquire(count, left, TimeUnit.NANOSECONDS);
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!acquired) {
            throw otherwise.get();
        }
    }

    /** Waits until a thread has ended. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets a pool do what it was given, and ends its threads. */
    static void end(ThreadPoolExecutor threads) {
        threads.shutdown();
        boolean interrupted = false;
        while (!threads.isTerminated()) {
            try {
                threads.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
