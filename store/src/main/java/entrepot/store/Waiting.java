package entrepot.store;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;

/** A caller that waits for its work to be done on another thread. */
final class Waiting<T> {

    final Database.Work<T> work;
    final boolean once;
    private final Thread caller = Thread.currentThread();
    private @Nullable T result;
    private @Nullable Throwable failure;
    private volatile boolean done;

    Waiting(Database.Work<T> work, boolean once) {
        this.work = work;
        this.once = once;
    }

    /** Runs the work and keeps what it gives; a failure is thrown, and not kept. */
    void run(Sql sql) throws SQLException {
        succeed(work.run(sql));
    }

    void succeed(T value) {
        result = value;
        failure = null;
    }

    void fail(Throwable why) {
        failure = why;
    }

    boolean failed() {
        return failure != null;
    }

    /** Lets the caller go on. Nothing may be changed here afterwards. */
    void release() {
        done = true;
        LockSupport.unpark(caller);
    }

    /** Waits without regard to interrupts, and passes them on afterwards. */
    T await() {
        boolean interrupted = false;
        while (!done) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            caller.interrupt();
        }
        if (failure != null) {
            throw Rethrown.unchecked(failure);
        }
        return result();
    }

    @SuppressWarnings("NullAway") // T may itself be nullable; done means result is a T
    private T result() {
        return result;
    }
}
