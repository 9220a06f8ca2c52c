package entrepot.http.engine;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

import java.util.concurrent.atomic.AtomicInteger;

/** What the server remembers of one connection. */
final class Visit {

    private static final AttributeKey<Visit> KEY = AttributeKey.valueOf(Visit.class, "visit");

    private final AtomicInteger open = new AtomicInteger();
    private boolean began;
    private volatile long quietSince = System.nanoTime();

    private Visit() {}

    static Visit of(Channel channel) {
        Visit visit = channel.attr(KEY).get();
        if (visit == null) {
            visit = new Visit();
            channel.attr(KEY).set(visit);
        }
        return visit;
    }

    static Visit of(HttpConnection connection) {
        return of(channel(connection));
    }

    static Channel channel(HttpConnection connection) {
        return ((ConnectionBase) connection).channel();
    }

    void begin() {
        began = true;
        open.incrementAndGet();
    }

    void end() {
        quietSince = System.nanoTime();
        open.decrementAndGet();
    }

    /** Whether a whole head has come yet. */
    boolean began() {
        return began;
    }

    /** Whether nothing has been going on for so long. */
    boolean quiet(long now, long nanosMax) {
        return open.get() == 0 && now - quietSince > nanosMax;
    }
}
