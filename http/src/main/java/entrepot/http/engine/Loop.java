package entrepot.http.engine;

import io.netty.channel.EventLoop;
import io.vertx.core.internal.ContextInternal;

import org.jspecify.annotations.Nullable;

/**
 * One event loop. What belongs to one connection happens on one loop, in order.
 *
 * @param carrier null where a loop cannot carry virtual threads
 */
record Loop(int index, ContextInternal context, @Nullable Carrier carrier) {

    static Loop of(int index, ContextInternal context) {
        return new Loop(index, context, Carrier.of(context.nettyEventLoop()));
    }

    void run(Runnable task) {
        context.runOnContext(_ -> task.run());
    }

    EventLoop netty() {
        return context.nettyEventLoop();
    }
}
