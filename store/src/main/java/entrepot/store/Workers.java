package entrepot.store;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * As many platform threads as a pool has connections, on which the works of callers run.
 *
 * <p>An interrupt closes the socket that a virtual thread reads from, and with it the connection;
 * nobody interrupts these threads. They also wait for the server in the kernel, where a virtual
 * thread needs the poller and a second thread, and twice the processor time per statement.
 */
final class Workers implements AutoCloseable {

    private static final ScopedValue<Boolean> INSIDE = ScopedValue.newInstance();

    private final ThreadPoolExecutor threads;
    private final Semaphore room;
    private final DatabaseSettings settings;
    private final PostgresFailures failures;

    Workers(String name, int count, DatabaseSettings settings, PostgresFailures failures) {
        this.settings = settings;
        this.failures = failures;
        this.room = new Semaphore(settings.writesQueuedMax());
        this.threads =
                new ThreadPoolExecutor(
                        count,
                        count,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().daemon().name(name + "-", 1).factory(),
                        (_, _) -> {
                            throw failures.unavailable("it is closed");
                        });
    }

    /** Does a task on one of the threads, and waits for it. */
    <T> T call(Supplier<T> task) {
        if (INSIDE.isBound()) {
            throw new IllegalStateException("A work must use its Sql, not the database again.");
        }
        Patience.acquire(
                room,
                settings.waitMillisMax(),
                () ->
                        failures.unavailable(
                                "it is behind, with no room in the queue for "
                                        + settings.waitMillisMax()
                                        + " ms"));
        try {
            Waiting<T> waiting = new Waiting<>();
            threads.execute(() -> ScopedValue.where(INSIDE, true).run(() -> finish(waiting, task)));
            return waiting.await();
        } finally {
            room.release();
        }
    }

    private static <T> void finish(Waiting<T> waiting, Supplier<T> task) {
        try {
            waiting.succeed(task.get());
        } catch (RuntimeException | Error e) {
            waiting.fail(e);
        }
        waiting.release();
    }

    /** Finishes what is queued. */
    @Override
    public void close() {
        Patience.end(threads);
    }
}
