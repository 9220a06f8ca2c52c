package entrepot.http.engine;

import entrepot.http.ServerSettings;
import entrepot.http.WebSocket;

import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A WebSocket between a handler's thread and the loop; bounded both ways. */
final class LiveWebSocket implements WebSocket, LiveExchange.Flow {

    private static final int HELD_CHARS = 1 << 20;
    private static final short NORMAL = 1000;
    private static final short GOING_AWAY = 1001;
    private static final short NOT_TEXT = 1003;
    private static final short TOO_BIG = 1009;

    private final ServerWebSocket socket;
    private final LiveExchange exchange;
    private final int bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<String> messages = new ArrayDeque<>();
    private int held;
    private int lying;
    private boolean closed;

    /** The loop's own. */
    private boolean paused;

    private boolean pongDue;
    private @Nullable ScheduledFuture<?> pings;

    private LiveWebSocket(ServerWebSocket socket, LiveExchange exchange, ServerSettings settings) {
        this.socket = socket;
        this.exchange = exchange;
        this.bytesMax = settings.writeQueueBytesMax();
        socket.textMessageHandler(this::message);
        socket.binaryMessageHandler(_ -> end(NOT_TEXT, "only text is spoken here"));
        socket.exceptionHandler(cause -> {
            if (cause instanceof IllegalStateException) {
                end(TOO_BIG, "the message is too big");
            }
        });
        socket.pongHandler(_ -> pongDue = false);
        socket.closeHandler(_ -> {
            exchange.left();
            left();
        });
        long ping = settings.waits().ping().toMillis();
        pings =
                exchange.loop()
                        .netty()
                        .scheduleAtFixedRate(this::ping, ping, ping, TimeUnit.MILLISECONDS);
    }

    /** From the handler's thread. */
    static WebSocket accept(
            HttpServerRequest request, LiveExchange exchange, ServerSettings settings)
            throws InterruptedException {
        var accepted = new CompletableFuture<LiveWebSocket>();
        exchange.loop()
                .run(() -> {
                    var _ =
                            request.toWebSocket()
                                    .onComplete(
                                            socket -> {
                                                var live =
                                                        new LiveWebSocket(
                                                                socket, exchange, settings);
                                                exchange.upgraded(live);
                                                accepted.complete(live);
                                            },
                                            accepted::completeExceptionally);
                });
        try {
            return accepted.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the client's upgrade is not one", e.getCause());
        }
    }

    // ---- the loop

    private void message(String text) {
        lock.lock();
        try {
            messages.add(text);
            held += text.length();
            if (held > HELD_CHARS && !paused) {
                paused = true;
                socket.pause();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void resume() {
        if (paused) {
            paused = false;
            socket.resume();
        }
    }

    private void ping() {
        if (pongDue) {
            end(GOING_AWAY, "no pong");
            return;
        }
        pongDue = !paused;
        var _ = socket.writePing(Buffer.buffer());
    }

    private void end(short status, String reason) {
        if (!socket.isClosed()) {
            var _ = socket.close(status, reason);
        }
    }

    @Override
    public void taken(int bytes) {}

    @Override
    public void left() {
        if (pings != null) {
            pings.cancel(false);
            pings = null;
        }
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void forsaken() {
        end(NORMAL, "");
    }

    // ---- the handler's thread

    @Override
    public @Nullable String receive() throws InterruptedException {
        try {
            return take(Long.MAX_VALUE);
        } catch (TimeoutException e) {
            throw new IllegalStateException("for ever is over", e);
        }
    }

    @Override
    public @Nullable String receive(Duration patience)
            throws InterruptedException, TimeoutException {
        return take(patience.toNanos());
    }

    private @Nullable String take(long nanosMax) throws InterruptedException, TimeoutException {
        boolean wake;
        String text;
        long nanosLeft = nanosMax;
        lock.lock();
        try {
            while (messages.isEmpty()) {
                if (closed) {
                    exchange.forgetInterrupt();
                    return null;
                }
                if (nanosLeft <= 0) {
                    throw new TimeoutException("the peer says nothing");
                }
                nanosLeft = changed.awaitNanos(nanosLeft);
            }
            text = messages.remove();
            int before = held;
            held -= text.length();
            wake = before > HELD_CHARS && held <= HELD_CHARS;
        } catch (InterruptedException e) {
            if (exchange.gone()) {
                return null;
            }
            throw e;
        } finally {
            lock.unlock();
        }
        if (wake) {
            exchange.loop().run(this::resume);
        }
        return text;
    }

    @Override
    public void send(String text) throws InterruptedException {
        int bytes = text.length();
        lock.lock();
        try {
            while (lying > bytesMax && !closed) {
                changed.await();
            }
            if (closed) {
                exchange.forgetInterrupt();
                throw new InterruptedException("the client has left");
            }
            lying += bytes;
        } finally {
            lock.unlock();
        }
        exchange.loop()
                .run(() -> {
                    var _ = socket.writeTextMessage(text).onComplete(_ -> sent(bytes));
                });
    }

    private void sent(int bytes) {
        lock.lock();
        try {
            lying -= bytes;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close(int status, String reason) {
        if (reason.getBytes(StandardCharsets.UTF_8).length > 123) {
            throw new IllegalArgumentException("a close reason is at most 123 bytes");
        }
        exchange.deafen();
        exchange.loop().run(() -> end((short) status, reason));
    }

    @Override
    public void close() {
        close(NORMAL, "");
    }
}
