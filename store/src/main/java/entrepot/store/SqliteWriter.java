package entrepot.store;

import entrepot.store.DatabaseFailed.Kind;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * The only thread that writes to the file. SQLite has one writer at a time whatever one does, and
 * making many connections take turns stalls them for seconds; so callers hand their work to this
 * thread, which runs what has gathered as one transaction and pays for one flush to disk.
 *
 * <p>A group runs without savepoints, which would cost a tenth of the rate. Most works that fail
 * changed nothing before (a refused compare-and-set, a duplicate key), and their neighbours need
 * not know. If one did change something, the group is undone, and the others run again, each as a
 * transaction of its own.
 */
final class SqliteWriter implements AutoCloseable {

    private static final int GROUP_MAX = 256;

    /** A work in the queue, and its caller. */
    private static final class Submitted<T> extends Waiting<T> {
        private final Database.Work<T> work;
        private final boolean once;

        Submitted(Database.Work<T> work, boolean once) {
            this.work = work;
            this.once = once;
        }

        void run(Sql sql) throws SQLException {
            succeed(work.run(sql));
        }
    }

    private final SqliteConnection connection;
    private final ConcurrentLinkedQueue<Submitted<?>> queue = new ConcurrentLinkedQueue<>();
    private final Semaphore room;
    private final int waitMillisMax;
    private final List<Submitted<?>> group = new ArrayList<>(GROUP_MAX);
    private final Thread thread;
    private volatile boolean idle;
    private volatile boolean closing;
    private volatile boolean ended;

    SqliteWriter(SqliteConnection connection, int queuedMax, int waitMillisMax) {
        this.connection = connection;
        this.room = new Semaphore(queuedMax);
        this.waitMillisMax = waitMillisMax;
        this.thread = Thread.ofPlatform().name("sqlite-writer").unstarted(this::writeUntilClosed);
    }

    void start() {
        thread.start();
    }

    <T> T submit(Database.Work<T> work, boolean once) {
        if (Thread.currentThread().equals(thread)) {
            throw new IllegalStateException("A work must use its Sql, not the database again.");
        }
        takeRoom();
        Submitted<T> waiting = new Submitted<>(work, once);
        queue.add(waiting);
        if (idle) {
            LockSupport.unpark(thread);
        }
        if (ended && queue.remove(waiting)) {
            throw closed();
        }
        return waiting.await();
    }

    /** Finishes what is queued. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        Patience.join(thread);
    }

    private void takeRoom() {
        if (closing) {
            throw closed();
        }
        Patience.acquire(
                room,
                waitMillisMax,
                () ->
                        connection.unavailable(
                                "Its writer is behind, with no room in the queue for "
                                        + waitMillisMax
                                        + " ms"));
    }

    private DatabaseFailed closed() {
        return connection.unavailable("It is closed");
    }

    private void writeUntilClosed() {
        while (true) {
            Submitted<?> first = queue.poll();
            if (first == null) {
                if (closing) {
                    break;
                }
                first = waitForWork();
            }
            if (first != null) {
                writeGroup(first);
            }
        }
        ended = true;
        for (Submitted<?> late = queue.poll(); late != null; late = queue.poll()) {
            late.fail(closed());
            late.release();
        }
    }

    /** Looks once more after saying it is idle, so that no work is added unseen. */
    private @Nullable Submitted<?> waitForWork() {
        idle = true;
        Submitted<?> first = queue.poll();
        if (first == null && !closing) {
            LockSupport.park(this);
        }
        idle = false;
        return first;
    }

    private void writeGroup(Submitted<?> first) {
        group.clear();
        try {
            boolean undo = false;
            Submitted<?> next = first;
            while (next != null && !undo) {
                group.add(next);
                undo = !run(next) && mustUndo();
                next = undo || group.size() == GROUP_MAX ? null : queue.poll();
            }
            if (undo) {
                connection.rollback();
                runAlone();
            } else {
                commit();
            }
        } catch (SQLException | RuntimeException | Error e) {
            failAll(e);
        }
        room.release(group.size());
        for (Submitted<?> each : group) {
            each.release();
        }
    }

    private boolean mustUndo() {
        SQLException failure = connection.sql().failure();
        return connection.sql().changed()
                || (failure != null && SqliteFailures.endsTransaction(failure));
    }

    private void commit() throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            if (connection.explain(e).kind() != Kind.CONSTRAINT) {
                throw e;
            }
            // A deferred constraint speaks up at commit, and does not say whose fault it is.
            runAlone();
        }
    }

    /** Runs again, one by one, those that have not failed. */
    private void runAlone() {
        for (Submitted<?> each : group) {
            if (each.failed()) {
                continue;
            }
            try {
                if (run(each)) {
                    connection.commit();
                } else {
                    connection.rollback();
                }
            } catch (SQLException e) {
                each.fail(connection.explain(e));
                connection.rollback();
            }
        }
    }

    /** Returns whether the work succeeded; its failure is kept for its caller. */
    private boolean run(Submitted<?> waiting) {
        JdbcSql sql = connection.sql();
        sql.begin(waiting.once);
        try {
            waiting.run(sql);
            SQLException swallowed = sql.failure();
            if (swallowed == null) {
                return true;
            }
            waiting.fail(connection.explain(swallowed));
        } catch (SQLException e) {
            waiting.fail(connection.explain(e));
        } catch (Throwable e) {
            waiting.fail(e);
        }
        return false;
    }

    private void failAll(Throwable e) {
        Throwable why = e instanceof SQLException sql ? connection.explain(sql) : e;
        connection.rollback();
        for (Submitted<?> each : group) {
            if (!each.failed()) {
                each.fail(why);
            }
        }
    }
}
