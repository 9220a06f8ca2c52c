package entrepot.store;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.locks.LockSupport;

/** A caller that waits for what another thread does for it. */
class Waiting<T> {

    private final Thread caller = Thread.currentThread();
    private @Nullable T result;
    private @Nullable Throwable failure;
    private volatile boolean done;

    final void succeed(T value) {
        result = value;
        failure = null;
    }

    final void fail(Throwable why) {
        failure = why;
    }

    final boolean failed() {
        return failure != null;
    }

    /** Lets the caller go on. Nothing may be changed here afterwards. */
    final void release() {
        done = true;
        LockSupport.unpark(caller);
    }

    /** Waits without regard to interrupts, and passes them on afterwards. */
    final T await() {
        boolean interrupted = false;
        while (!done) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            caller.interrupt();
        }
        Throwable why = failure;
        return why == null ? result() : thrown(why);
    }

    private T thrown(Throwable why) {
        switch (why) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("A work cannot fail like this.", why);
        }
    }

    @SuppressWarnings("NullAway") // T may itself be nullable; done means result is a T
    private T result() {
        return result;
    }
}
