package entrepot.runtime.driver;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/** Work begun on a virtual thread of its own; the bell rings when it ends. */
final class Task<T> {

    /** How a task ended: one of the two is null. */
    record End<T>(@Nullable T value, @Nullable Throwable failure) {}

    private final AtomicReference<@Nullable End<T>> end = new AtomicReference<>();
    private final Thread thread;

    private Task(String name, Callable<T> work, Bell bell) {
        this.thread =
                Thread.ofVirtual()
                        .name(name)
                        .unstarted(() -> {
                            end.set(run(work));
                            bell.ring();
                        });
    }

    static <T> Task<T> start(String name, Bell bell, Callable<T> work) {
        Task<T> task = new Task<>(name, work, bell);
        task.thread.start();
        return task;
    }

    private static <T> End<T> run(Callable<T> work) {
        try {
            return new End<>(work.call(), null);
        } catch (Throwable e) {
            return new End<>(null, e);
        }
    }

    /** How it ended; null while it runs. */
    @Nullable End<T> end() {
        return end.get();
    }

    /** Tells it that its result is not wanted. */
    void interrupt() {
        thread.interrupt();
    }
}
