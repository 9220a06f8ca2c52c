package entrepot.http.engine;

import entrepot.http.BodyWriter;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.internal.buffer.BufferInternal;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A body written by the handler. A write only queues, and wakes the loop when it is not awake
 * already; it blocks while more lies untaken than the server may hold for one reader.
 */
final class LiveWriter implements BodyWriter, LiveExchange.Flow {

    private final LiveExchange exchange;
    private final int bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
    private int queued;
    private int held;
    private boolean waking;
    private boolean left;
    private boolean closed;

    LiveWriter(LiveExchange exchange, int bytesMax) {
        this.exchange = exchange;
        this.bytesMax = bytesMax;
    }

    @Override
    public void write(byte[] bytes) throws InterruptedException {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("this body has ended");
            }
            while (held > bytesMax && !left) {
                changed.await();
            }
            if (left) {
                exchange.forgetInterrupt();
                throw new InterruptedException("the client has left");
            }
            queue.add(bytes.clone());
            queued += bytes.length;
            held += bytes.length;
            wake();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        end(() -> exchange.answer().end(null));
    }

    @Override
    public void abort() {
        end(() -> exchange.answer().breakOff());
    }

    private void end(Runnable how) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        exchange.deafen();
        exchange.loop()
                .run(() -> {
                    flush();
                    how.run();
                });
    }

    private void wake() {
        if (!waking) {
            waking = true;
            exchange.loop().run(this::flush);
        }
    }

    private void flush() {
        ByteBuf all;
        lock.lock();
        try {
            waking = false;
            if (queue.isEmpty() || left) {
                return;
            }
            if (queue.size() == 1) {
                all = Unpooled.wrappedBuffer(queue.remove());
            } else {
                all = Unpooled.buffer(queued);
                for (byte[] bytes : queue) {
                    all.writeBytes(bytes);
                }
                queue.clear();
            }
            queued = 0;
        } finally {
            lock.unlock();
        }
        exchange.answer().write(BufferInternal.buffer(all));
    }

    @Override
    public void taken(int bytes) {
        lock.lock();
        try {
            held -= bytes;
            if (held <= bytesMax) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void left() {
        lock.lock();
        try {
            left = true;
            queue.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void forsaken() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        exchange.answer().breakOff();
    }
}
