package entrepot.http.engine;

import io.netty.channel.EventLoop;
import io.vertx.core.internal.ContextInternal;

/** One event loop. What belongs to one connection happens on one loop, in order. */
record Loop(int index, ContextInternal context) {

    /** The loop of the exchange in whose thread this is asked. */
    static final ScopedValue<Loop> CURRENT = ScopedValue.newInstance();

    void run(Runnable task) {
        context.runOnContext(_ -> task.run());
    }

    EventLoop netty() {
        return context.nettyEventLoop();
    }
}
