package entrepot.market.budgets;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How many settlements are in the database, and those who wait for more. */
final class Durable {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    private final AtomicInteger waiting = new AtomicInteger();
    private long count;
    private boolean stopped;

    boolean isAwaited() {
        return waiting.get() > 0;
    }

    void reached(long settlements) {
        lock.lock();
        try {
            count = Math.max(count, settlements);
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more will be: lets those go who wait for it. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether so many were reached in time. */
    boolean await(long settlements, long millisMax, Runnable wake) throws InterruptedException {
        long nanosLeft = TimeUnit.MILLISECONDS.toNanos(millisMax);
        waiting.incrementAndGet();
        lock.lock();
        try {
            wake.run();
            while (count < settlements && !stopped && nanosLeft > 0) {
                nanosLeft = progress.awaitNanos(nanosLeft);
            }
            return count >= settlements;
        } finally {
            lock.unlock();
            waiting.decrementAndGet();
        }
    }
}
