package entrepot.http.engine;

import entrepot.http.Handler;
import entrepot.http.Refusals;
import entrepot.http.ServerSettings;

import io.vertx.core.Future;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A server on one port, for HTTP/1.1, HTTP/2 and WebSocket: over TLS as agreed by ALPN, else by
 * upgrade or with prior knowledge. Each loop accepts in turn; each exchange's handler runs on a
 * virtual thread of its own.
 */
public final class HttpServer implements AutoCloseable {

    private static final int BACKLOG = 4096;

    /** For the peer's half of a WebSocket's farewell. */
    private static final int CLOSING_SECONDS = 2;

    private static final int STREAMS_MAX = 256;
    private static final int STREAM_WINDOW_BYTES = 1 << 20;
    private static final int CONNECTION_WINDOW_BYTES = 4 << 20;
    private static final AtomicInteger IDS = new AtomicInteger();

    private final Loops loops;
    private final ServerSettings settings;
    private final Admission admission;
    private final AtomicLong errors = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final List<Reception> receptions = new ArrayList<>();
    private final List<io.vertx.core.http.HttpServer> servers = new ArrayList<>();
    private final List<Runnable> stops = new ArrayList<>();
    private int port;

    private HttpServer(ServerSettings settings, Handler handler, Refusals refusals) {
        this.loops = Loops.lease();
        this.settings = settings;
        this.admission = new Admission(settings.exchangesMax(), settings.bytesInFlightMax());
        for (Loop loop : loops.all()) {
            receptions.add(
                    new Reception(loop, settings, handler, refusals, admission, this::nextError));
        }
    }

    /** Starts a server that words its own refusals plainly. */
    public static HttpServer start(ServerSettings settings, Handler handler) {
        return start(settings, handler, Refusals.PLAIN);
    }

    /**
     * Starts a server.
     *
     * @throws UncheckedIOException when it cannot listen there, or not read its certificate
     */
    public static HttpServer start(ServerSettings settings, Handler handler, Refusals refusals) {
        var server = new HttpServer(settings, handler, refusals);
        try {
            server.listen();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void listen() {
        if (settings.port() != 0 && loops.door().listens(settings.port())) {
            throw cannot(new IOException("this process listens there already"));
        }
        // A number shared by the loops stands for the one port that the first of them opens.
        SocketAddress address =
                settings.port() == 0
                        ? SocketAddress.sharedRandomPort(
                                IDS.incrementAndGet() & 0xffff, settings.host())
                        : SocketAddress.inetSocketAddress(settings.port(), settings.host());
        for (Reception reception : receptions) {
            io.vertx.core.http.HttpServer server = loops.vertx().createHttpServer(options());
            servers.add(server);
            server.requestHandler(reception::request);
            server.invalidRequestHandler(reception::unreadable);
            server.connectionHandler(connection -> {
                if (settings.tls() != null) {
                    StrictDecoder.install(Visit.channel(connection).pipeline(), decoder());
                }
                reception.connected(connection);
            });
            port = bind(reception.loop(), server, address);
            loops.door().rules(port, new FrontDoor.Rules(decoder(), settings.waits().request()));
            sweep(reception);
        }
    }

    private int bind(Loop loop, io.vertx.core.http.HttpServer server, SocketAddress address) {
        var bound = new CompletableFuture<Integer>();
        loop.run(() -> {
            Future<io.vertx.core.http.HttpServer> listening = server.listen(address);
            var _ =
                    listening.onComplete(
                            up -> bound.complete(up.actualPort()), bound::completeExceptionally);
        });
        try {
            return bound.join();
        } catch (CompletionException e) {
            throw cannot(e.getCause() == null ? e : e.getCause());
        }
    }

    private UncheckedIOException cannot(Throwable cause) {
        return new UncheckedIOException(
                new IOException(
                        "cannot listen on %s:%d: %s"
                                .formatted(settings.host(), settings.port(), cause.getMessage()),
                        cause));
    }

    private HttpServerOptions options() {
        var options =
                new HttpServerOptions()
                        .setAcceptBacklog(BACKLOG)
                        .setTcpNoDelay(true)
                        .setMaxInitialLineLength(settings.urlBytesMax())
                        .setMaxHeaderSize(settings.headerBytesMax())
                        .setHttp2ClearTextEnabled(true)
                        .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES)
                        .setInitialSettings(
                                new Http2Settings()
                                        .setMaxConcurrentStreams(STREAMS_MAX)
                                        .setInitialWindowSize(STREAM_WINDOW_BYTES)
                                        .setMaxHeaderListSize(settings.headerBytesMax()))
                        .setPerFrameWebSocketCompressionSupported(false)
                        .setPerMessageWebSocketCompressionSupported(false)
                        .setWebSocketClosingTimeout(CLOSING_SECONDS)
                        .setMaxWebSocketFrameSize(settings.bodyBytesMax())
                        .setMaxWebSocketMessageSize(settings.bodyBytesMax());
        ServerSettings.Tls tls = settings.tls();
        if (tls != null) {
            options.setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(
                            new PemKeyCertOptions()
                                    .setCertPath(tls.certificate().toString())
                                    .setKeyPath(tls.key().toString()));
        }
        return options;
    }

    private Http1ServerConfig decoder() {
        return new Http1ServerConfig()
                .setMaxInitialLineLength(settings.urlBytesMax())
                .setMaxHeaderSize(settings.headerBytesMax());
    }

    private void sweep(Reception reception) {
        ServerSettings.Waits waits = settings.waits();
        Duration shortest = waits.request();
        for (Duration wait : List.of(waits.idle(), waits.reader())) {
            shortest = wait.compareTo(shortest) < 0 ? wait : shortest;
        }
        long every = Math.clamp(shortest.toMillis() / 4, 10, 5_000);
        var sweeping =
                reception
                        .loop()
                        .netty()
                        .scheduleAtFixedRate(reception::sweep, every, every, TimeUnit.MILLISECONDS);
        stops.add(() -> sweeping.cancel(false));
    }

    private String nextError() {
        return "e%d".formatted(errors.incrementAndGet());
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /**
     * Stops accepting, lets open exchanges finish for as long as the settings allow, then closes. A
     * connection that still asks for something new is answered 503 and closed.
     *
     * @return whether all could finish
     */
    public boolean drain() {
        CompletableFuture<Void> empty = admission.close();
        loops.door().stopListening(port);
        boolean finished;
        try {
            empty.get(settings.drain().toMillis(), TimeUnit.MILLISECONDS);
            finished = true;
        } catch (TimeoutException e) {
            finished = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            finished = false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        close();
        return finished;
    }

    /** Stops at once: breaks what is open and interrupts its handlers. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        var _ = admission.close();
        loops.door().stopListening(port);
        var abandoned = new CountDownLatch(receptions.size());
        for (Reception reception : receptions) {
            reception
                    .loop()
                    .run(() -> {
                        reception.abandon();
                        abandoned.countDown();
                    });
        }
        stops.forEach(Runnable::run);
        await(abandoned);
        Future<?> gone = Future.join(servers.stream().map(server -> server.close()).toList());
        var down = new CountDownLatch(1);
        var _ = gone.onComplete(_ -> down.countDown());
        await(down);
        loops.release();
    }

    /** Waits although interrupted: what has been begun to close must be closed. */
    private static void await(CountDownLatch latch) {
        boolean interrupted = Thread.interrupted();
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
