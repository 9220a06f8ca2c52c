package entrepot.http.engine;

import io.netty.channel.EventLoop;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets a loop's own thread carry virtual threads. A handler that never blocks its carrier then
 * shares one operating system thread with the connections that it serves: no thread is woken
 * between reading a request and writing its answer, which is most of what a small answer costs.
 *
 * <p>Java has no public way yet to choose who carries a virtual thread. The one taken here needs
 * {@code --add-opens java.base/java.lang=ALL-UNNAMED}; without it, or on a Java that has it no
 * more, threads are carried by the usual scheduler and all works the same, only dearer.
 *
 * <p>A loop that waits for a lock would wait for ever if that lock were next to be given to a
 * thread that only this loop carries. So {@link #rescue} is called now and then: when a loop has
 * not come to run what is ready since the last time, others do.
 */
final class Carrier implements Executor {

    private static final @Nullable Access ACCESS = Access.open();

    private final EventLoop loop;
    private final Executor others;
    private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();
    private final Runnable turn = this::turn;

    /** Written by the loop alone. */
    private final AtomicLong turns = new AtomicLong();

    /** What the last rescue saw. */
    private long turnsSeen;

    private boolean waited;

    /**
     * @param others carry what the loop cannot
     */
    Carrier(EventLoop loop, Executor others) {
        this.loop = loop;
        this.others = others;
    }

    /** A carrier whose threads the usual scheduler takes over; null where there can be none. */
    static @Nullable Carrier of(EventLoop loop) {
        return ACCESS == null ? null : new Carrier(loop, ACCESS.scheduler());
    }

    /** The usual scheduler and a way to do without it. */
    private record Access(MethodHandle builder, Executor scheduler) {

        static @Nullable Access open() {
            try {
                startPollers();
                MethodHandles.Lookup here = MethodHandles.lookup();
                Class<?> builder = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder");
                Class<?> thread = Class.forName("java.lang.VirtualThread");
                MethodHandle make =
                        MethodHandles.privateLookupIn(builder, here)
                                .findConstructor(
                                        builder, MethodType.methodType(void.class, Executor.class));
                MethodHandle scheduler =
                        MethodHandles.privateLookupIn(thread, here)
                                .findStatic(
                                        thread,
                                        "defaultScheduler",
                                        MethodType.methodType(Executor.class));
                return new Access(
                        make.asType(
                                MethodType.methodType(
                                        Thread.Builder.OfVirtual.class, Executor.class)),
                        (Executor) scheduler.invokeExact());
            } catch (Throwable notOpen) {
                return null;
            }
        }

        /**
         * The Java runtime's threads that wait for sockets are virtual ones, and like all such
         * threads are carried where whoever starts them is carried: they must be started before a
         * loop carries anything, or they would end with that loop, and nobody would be woken more.
         */
        private static void startPollers() throws InterruptedException {
            Thread starter =
                    Thread.ofPlatform()
                            .daemon()
                            .name("poller-start")
                            .start(() -> {
                                try {
                                    Class.forName("sun.nio.ch.Poller");
                                } catch (ClassNotFoundException none) {
                                    // A Java that waits for sockets in another way.
                                }
                            });
            starter.join();
        }

        Thread unstarted(Executor where, Runnable task) {
            try {
                return ((Thread.Builder.OfVirtual) builder.invokeExact(where)).unstarted(task);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A virtual thread that is carried wherever the executor runs what it is given. */
    static Thread unstarted(Executor where, Runnable task) {
        return ACCESS == null ? Thread.ofVirtual().unstarted(task) : ACCESS.unstarted(where, task);
    }

    Executor others() {
        return others;
    }

    @Override
    public void execute(Runnable continuation) {
        ready.add(continuation);
        try {
            loop.execute(turn);
        } catch (RejectedExecutionException stopped) {
            handOver();
        }
    }

    private void turn() {
        turns.lazySet(turns.getPlain() + 1);
        Runnable continuation = ready.poll();
        if (continuation != null) {
            continuation.run();
        }
    }

    /** To be called at intervals, by one thread. */
    void rescue() {
        long now = turns.get();
        boolean waits = !ready.isEmpty();
        if (waits && waited && now == turnsSeen) {
            handOver();
        }
        waited = waits;
        turnsSeen = now;
    }

    /** Gives others all that is ready. */
    void handOver() {
        Runnable continuation;
        while ((continuation = ready.poll()) != null) {
            others.execute(continuation);
        }
    }
}
