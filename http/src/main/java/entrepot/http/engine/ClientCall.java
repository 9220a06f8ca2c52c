package entrepot.http.engine;

import entrepot.http.CallFailed;
import entrepot.http.CallFailed.Reason;
import entrepot.http.Headers;
import entrepot.http.Outgoing;

import io.netty.channel.Channel;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * One call on its way, on one loop.
 *
 * <p>A kept connection may have been closed by the peer just before it is used again. One whose end
 * has arrived is passed over before anything is sent. When one breaks later, the call is made once
 * more on another, but only when the peer cannot have accepted it: the request was never handed to
 * the operating system, or it is of a kind that may be repeated (RFC 9110 §9.2.2) and no byte of an
 * answer came. A {@code POST} that was handed over and not answered fails as {@link Reason#BROKEN},
 * for it may have been carried out.
 */
final class ClientCall {

    private static final AttributeKey<Boolean> USED =
            AttributeKey.valueOf(ClientCall.class, "used");
    private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");
    private static final Set<String> OURS =
            Set.of("connection", "keep-alive", "transfer-encoding", "content-length", "upgrade");
    private static final long CANCEL = 0x8;
    private static final int TCP_ESTABLISHED = 1;

    private final Loop loop;
    private final io.vertx.core.http.HttpClient client;
    private final RequestOptions options;
    private final Outgoing call;
    private final CallClock clock;
    private final CompletableFuture<LiveIncoming> head = new CompletableFuture<>();

    private @Nullable HttpClientRequest request;
    private @Nullable LiveIncoming incoming;
    private int attempts;
    private boolean kept;
    private boolean written;
    private boolean repeated;
    private boolean over;

    ClientCall(
            Loop loop,
            io.vertx.core.http.HttpClient client,
            RequestOptions options,
            Outgoing call) {
        this.loop = loop;
        this.client = client;
        this.options = options;
        this.call = call;
        this.clock = new CallClock(loop, call.clocks(), this::late);
    }

    /** From the caller's thread: sends, and waits for the head. */
    LiveIncoming send() throws CallFailed, InterruptedException {
        loop.run(() -> {
            if (!over) {
                clock.connecting();
                connect();
            }
        });
        try {
            return head.get();
        } catch (InterruptedException e) {
            loop.run(this::reset);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CallFailed failed) {
                throw new CallFailed(failed.reason(), String.valueOf(failed.getMessage()));
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    Loop loop() {
        return loop;
    }

    // ---- the loop

    private void connect() {
        var _ = client.request(options).onComplete(this::connected, this::notConnected);
    }

    private void notConnected(Throwable cause) {
        if (cause instanceof HttpClosedException && !repeated && !over) {
            repeated = true;
            connect();
            return;
        }
        fail(
                cause instanceof ConnectTimeoutException
                        ? Reason.CONNECT_TIMEOUT
                        : Reason.NOT_CONNECTED,
                "no connection: " + cause.getMessage());
    }

    private void connected(HttpClientRequest made) {
        made.exceptionHandler(_ -> {});
        if (over) {
            var _ = made.reset(CANCEL);
            return;
        }
        Channel channel = Visit.channel(made.connection());
        kept = Boolean.TRUE.equals(channel.attr(USED).getAndSet(Boolean.TRUE));
        if (kept && stale(channel)) {
            var _ = made.connection().close();
            connect();
            return;
        }
        int attempt = ++attempts;
        request = made;
        written = false;
        clock.sending();
        for (Headers.Field field : call.headers().fields()) {
            if (!OURS.contains(field.lowerName())) {
                made.headers().add(field.name(), field.value());
            }
        }
        made.exceptionHandler(cause -> broken(attempt, cause));
        var _ = made.response().onComplete(this::answered, cause -> broken(attempt, cause));
        boolean empty = call.body().length == 0;
        if (empty && !REPEATABLE.contains(call.method())) {
            made.headers().set("content-length", "0");
        }
        var sent = empty ? made.end() : made.end(Answer.wrap(call.body()));
        var _ =
                sent.onComplete(
                        _ -> {
                            written = true;
                            if (incoming == null && !over) {
                                clock.waiting();
                            }
                        },
                        cause -> broken(attempt, cause));
    }

    private void answered(HttpClientResponse response) {
        if (over) {
            return;
        }
        clock.receiving();
        try {
            incoming = new LiveIncoming(this, response);
        } catch (IllegalArgumentException e) {
            fail(Reason.MALFORMED, "the answer's head: " + e.getMessage());
            return;
        }
        // What has arrived together is told together: a reader that wakes for the head of a short
        // answer then finds all of it, and need not sleep and be woken once more for the body.
        LiveIncoming arrived = incoming;
        loop.netty().execute(() -> head.complete(arrived));
    }

    void touch() {
        clock.touch();
    }

    void pause() {
        clock.pause();
    }

    /** The whole body has come. */
    void over() {
        over = true;
        clock.stop();
    }

    void broken(Throwable cause) {
        broken(attempts, cause);
    }

    private void broken(int attempt, Throwable cause) {
        if (over || attempt != attempts) {
            return;
        }
        boolean lost =
                cause instanceof IOException
                        || cause instanceof HttpClosedException
                        || cause instanceof StreamResetException;
        if (lost && kept && incoming == null && !repeated && acceptable()) {
            repeated = true;
            attempts++;
            request = null;
            clock.connecting();
            connect();
        } else if (lost) {
            fail(Reason.BROKEN, "the connection broke: " + cause.getMessage());
        } else {
            fail(Reason.MALFORMED, "not HTTP as it should be: " + cause.getMessage());
        }
    }

    private boolean acceptable() {
        return !written || REPEATABLE.contains(call.method());
    }

    private void late(Reason reason) {
        fail(reason, "over " + CallClock.of(call.clocks(), reason));
    }

    private void fail(Reason reason, String message) {
        if (over) {
            return;
        }
        over = true;
        clock.stop();
        var failure = new CallFailed(reason, call.uri().getAuthority() + ": " + message);
        if (incoming == null) {
            head.completeExceptionally(failure);
        } else {
            incoming.fail(failure);
        }
        if (request != null) {
            var _ = request.reset(CANCEL);
        }
    }

    void reset() {
        fail(Reason.BROKEN, "let go by its caller");
    }

    /** Whether the peer's end has arrived, though the loop has not come to read it. */
    private static boolean stale(Channel channel) {
        return !channel.isActive()
                || (channel instanceof EpollSocketChannel socket
                        && socket.tcpInfo().state() != TCP_ESTABLISHED);
    }
}
