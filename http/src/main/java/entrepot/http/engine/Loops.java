package entrepot.http.engine;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.internal.VertxInternal;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * The process's event loops, one per core. Servers and clients share them, so that an answer can be
 * passed on without changing threads; the last lease given back stops them.
 */
final class Loops {

    private static final Object LOCK = new Object();
    private static @Nullable Loops shared;

    private final FrontDoor door = FrontDoor.open();
    private final Vertx vertx;
    private final List<Loop> all;
    private final AtomicInteger turn = new AtomicInteger();
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
                        .mapToObj(
                                i -> new Loop(i, ((VertxInternal) vertx).createEventLoopContext()))
                        .toList();
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
        var _ = vertx.close();
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
        if (Loop.CURRENT.isBound()) {
            return Loop.CURRENT.get();
        }
        return all.get(Math.floorMod(turn.getAndIncrement(), all.size()));
    }
}
