package entrepot.runtime.schedule;

import entrepot.store.Database;
import entrepot.store.DatabaseFailed;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * A database as one process sees it, with one fault at a chosen write: the process dies before or
 * after it, freezes before it, something else happens before it, or the write fails once.
 */
final class FaultyDatabase implements Database {

    /** What happens at the chosen write. */
    enum Fault {
        NONE,
        DIES_BEFORE,
        DIES_AFTER,
        FREEZES,
        SOMETHING_ELSE_FIRST,
        UNAVAILABLE,
        /** It is done, and nobody hears so. */
        ANSWER_LOST,
        /** It is done, and the network delivers it again after the next writes. */
        DELIVERED_AGAIN,
        /** It seems to fail, and is done when its writer has given up and another one begins. */
        ARRIVES_LATE
    }

    /** The process is no more. An error, so that nobody recovers from it. */
    static final class Died extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static final int AGAIN_AFTER_WRITES = 2;

    private final Database database;
    private Fault fault = Fault.NONE;
    private int writesLeft;
    private boolean dead;
    private @Nullable Supplier<?> again;
    private int againAfter;
    private @Nullable Runnable somethingElse;
    private CountDownLatch frozen = new CountDownLatch(1);
    private CountDownLatch thawed = new CountDownLatch(1);

    FaultyDatabase(Database database) {
        this.database = database;
    }

    /** Lets the n-th write from now meet a fault. */
    synchronized void arm(Fault next, int writes, Runnable other) {
        fault = next;
        writesLeft = writes;
        somethingElse = other;
        frozen = new CountDownLatch(1);
        thawed = new CountDownLatch(1);
    }

    synchronized void disarm() {
        fault = Fault.NONE;
    }

    synchronized boolean isDead() {
        return dead;
    }

    CountDownLatch frozen() {
        return frozen;
    }

    void thaw() {
        thawed.countDown();
    }

    private synchronized Fault due() {
        if (dead) {
            throw new Died();
        }
        return fault != Fault.NONE && --writesLeft == 0 ? fault : Fault.NONE;
    }

    private synchronized Died die() {
        dead = true;
        return new Died();
    }

    /** A late repetition: whatever the database says to it, nobody listens. */
    private synchronized @Nullable Supplier<?> repetition() {
        Supplier<?> write = again;
        if (write == null || --againAfter > 0) {
            return null;
        }
        again = null;
        return write;
    }

    private synchronized void repeatLater(Supplier<?> write) {
        again = write;
        againAfter = AGAIN_AFTER_WRITES;
    }

    private <T> T meet(Supplier<T> write) {
        Supplier<?> repetition = repetition();
        if (repetition != null) {
            try {
                Object unheard = repetition.get();
                assert unheard != null;
            } catch (DatabaseFailed refused) {
                // The network does not care.
            }
        }
        Fault met = due();
        if (met == Fault.DIES_BEFORE) {
            throw die();
        }
        if (met == Fault.UNAVAILABLE) {
            throw new DatabaseFailed(DatabaseFailed.Kind.UNAVAILABLE, "away for a moment", null);
        }
        if (met == Fault.ARRIVES_LATE) {
            repeatLater(write);
            throw new DatabaseFailed(DatabaseFailed.Kind.UNAVAILABLE, "it is on its way", null);
        }
        if (met == Fault.FREEZES) {
            frozen.countDown();
            try {
                thawed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (met == Fault.SOMETHING_ELSE_FIRST && somethingElse != null) {
            somethingElse.run();
        }
        T result = write.get();
        if (met == Fault.DIES_AFTER) {
            throw die();
        }
        if (met == Fault.ANSWER_LOST) {
            throw new DatabaseFailed(DatabaseFailed.Kind.UNAVAILABLE, "the answer was lost", null);
        }
        if (met == Fault.DELIVERED_AGAIN) {
            repeatLater(write);
        }
        return result;
    }

    @Override
    public Engine engine() {
        return database.engine();
    }

    @Override
    public <T> T read(Work<T> work) {
        synchronized (this) {
            if (dead) {
                throw new Died();
            }
        }
        return database.read(work);
    }

    @Override
    public <T> T write(Work<T> work) {
        return meet(() -> database.write(work));
    }

    @Override
    public <T> T once(Work<T> work) {
        return meet(() -> database.once(work));
    }

    @Override
    public void migrate(List<Migrations> features) {
        database.migrate(features);
    }

    @Override
    public void close() {}
}
