package entrepot.http.engine;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.internal.VertxInternal;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * The process's event loops, one per core. Servers and clients share them, so that an answer can be
 * passed on without changing threads; the last lease given back stops them.
 */
final class Loops {

    /** How long a loop may be held up before others carry on the threads that it should. */
    private static final long RESCUE_MILLIS = 100;

    private static final Object LOCK = new Object();
    private static @Nullable Loops shared;

    private final FrontDoor door = FrontDoor.open();
    private final Vertx vertx;
    private final List<Loop> all;
    private final AtomicInteger turn = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);
    private int leases;

    private Loops() {
        int cores = Runtime.getRuntime().availableProcessors();
        vertx =
                Vertx.builder()
                        .with(
                                new VertxOptions()
                                        .setEventLoopPoolSize(cores)
                                        .setFileSystemOptions(
                                                new FileSystemOptions()
                                                        .setFileCachingEnabled(false)
                                                        .setClassPathResolvingEnabled(false)))
                        .withTransport(door)
                        .build();
        all =
                IntStream.range(0, cores)
                        .mapToObj(i -> Loop.of(i, ((VertxInternal) vertx).createEventLoopContext()))
                        .toList();
        Thread.ofPlatform().daemon().name("loop-rescue").start(this::rescue);
    }

    static Loops lease() {
        synchronized (LOCK) {
            Loops loops = shared == null ? new Loops() : shared;
            loops.leases++;
            shared = loops;
            return loops;
        }
    }

    void release() {
        synchronized (LOCK) {
            if (--leases > 0) {
                return;
            }
            shared = null;
        }
        ended.countDown();
        var _ = vertx.close().onComplete(_ -> handOver());
    }

    /** What loops that have ended have left. */
    private void handOver() {
        for (Loop loop : all) {
            if (loop.carrier() != null) {
                loop.carrier().handOver();
            }
        }
    }

    private void rescue() {
        try {
            while (!ended.await(RESCUE_MILLIS, TimeUnit.MILLISECONDS)) {
                for (Loop loop : all) {
                    if (loop.carrier() != null) {
                        loop.carrier().rescue();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Vertx vertx() {
        return vertx;
    }

    FrontDoor door() {
        return door;
    }

    List<Loop> all() {
        return all;
    }

    /** The loop of the exchange this thread serves, or the next one in turn. */
    Loop current() {
        if (Seat.CURRENT.isBound()) {
            return Seat.CURRENT.get().loop();
        }
        return all.get(Math.floorMod(turn.getAndIncrement(), all.size()));
    }
}
