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
        UNAVAILABLE
    }

    /** The process is no more. An error, so that nobody recovers from it. */
    static final class Died extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final Database database;
    private Fault fault = Fault.NONE;
    private int writesLeft;
    private boolean dead;
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

    private <T> T meet(Supplier<T> write) {
        Fault met = due();
        if (met == Fault.DIES_BEFORE) {
            throw die();
        }
        if (met == Fault.UNAVAILABLE) {
            throw new DatabaseFailed(DatabaseFailed.Kind.UNAVAILABLE, "away for a moment", null);
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
