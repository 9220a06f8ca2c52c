package entrepot.http.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.http.BodyWriter;
import entrepot.http.Handler;
import entrepot.http.Headers;
import entrepot.http.ServerSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What a handler may rely on, and what a client gets when a handler fails. */
@Timeout(120)
class HttpServerTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final ServerSettings.Waits PATIENT =
            new ServerSettings.Waits(LONG, LONG, LONG, LONG);

    private final BlockingQueue<String> seen = new ArrayBlockingQueue<>(10);

    private static ServerSettings settings(Duration drain, ServerSettings.Waits waits) {
        ServerSettings plain = ServerSettings.loopback(0);
        return new ServerSettings(
                plain.host(),
                0,
                plain.urlBytesMax(),
                plain.headerBytesMax(),
                plain.bodyBytesMax(),
                plain.bytesInFlightMax(),
                plain.exchangesMax(),
                64 * 1024,
                drain,
                waits,
                null);
    }

    private HttpServer serve(Handler handler) {
        return HttpServer.start(settings(Duration.ofSeconds(60), PATIENT), carried(handler));
    }

    /** How the handlers of these tests are served. */
    Handler carried(Handler handler) {
        return handler;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String seen() throws InterruptedException {
        return String.valueOf(seen.poll(60, TimeUnit.SECONDS));
    }

    // ---- handlers that fail

    @Test
    void aHandlerThatThrowsIsA500WithoutDetails() throws Exception {
        try (var server =
                        serve(exchange -> {
                            throw new IllegalStateException("the password is hunter2");
                        });
                Wire wire = new Wire(server.port())) {
            Wire.Reply reply = wire.get("/").reply();
            assertThat(reply.status()).isEqualTo(500);
            assertThat(reply.body()).contains("internal_error").doesNotContain("hunter2");
            assertThat(wire.get("/").reply().status()).as("the connection lives").isEqualTo(500);
        }
    }

    @Test
    void aHandlerThatDoesNotAnswerIsA500() throws Exception {
        try (var server = serve(exchange -> {});
                Wire wire = new Wire(server.port())) {
            assertThat(wire.get("/").reply().status()).isEqualTo(500);
        }
    }

    @Test
    void aHandlerThatThrowsMidStreamCutsTheAnswer() throws Exception {
        try (var server =
                        serve(exchange -> {
                            BodyWriter out = exchange.open(200, Headers.NONE);
                            out.write(utf8("half"));
                            throw new IllegalStateException("broken");
                        });
                Wire wire = new Wire(server.port())) {
            wire.get("/");
            assertThat(wire.rest()).contains(" 200 ").doesNotContain("0\r\n\r\n");
        }
    }

    @Test
    void aHandlerThatForgetsToEndItsBodyCutsTheAnswer() throws Exception {
        try (var server = serve(exchange -> exchange.open(200, Headers.NONE).write(utf8("half")));
                Wire wire = new Wire(server.port())) {
            wire.get("/");
            assertThat(wire.rest()).contains("half").doesNotContain("0\r\n\r\n");
        }
    }

    @Test
    void anAbortedBodyHasNoGoodEnd() throws Exception {
        try (var server =
                        serve(exchange -> {
                            BodyWriter out = exchange.open(200, Headers.NONE);
                            out.write(utf8("half"));
                            out.abort();
                        });
                Wire wire = new Wire(server.port())) {
            wire.get("/");
            assertThat(wire.rest()).contains("half").doesNotContain("0\r\n\r\n");
        }
    }

    @Test
    void aBodyShorterThanDeclaredIsCut() throws Exception {
        try (var server =
                        serve(exchange -> {
                            try (BodyWriter out =
                                    exchange.open(200, Headers.of("content-length", "10"))) {
                                out.write(utf8("half"));
                            }
                        });
                Wire wire = new Wire(server.port())) {
            wire.get("/");
            assertThat(wire.rest()).endsWith("half");
        }
    }

    @Test
    void answersHeadWithoutABody() throws Exception {
        try (var server =
                        serve(exchange -> {
                            if (exchange.path().equals("/open")) {
                                try (var out = exchange.open(200, Headers.NONE)) {
                                    for (int i = 0; i < 20; i++) {
                                        out.write(new byte[10_000]);
                                    }
                                }
                            } else {
                                exchange.respond(200, Headers.NONE, utf8("12345"));
                            }
                        });
                Wire wire = new Wire(server.port())) {
            wire.send(Wire.lines("HEAD / HTTP/1.1", "Host: a"));
            assertThat(wire.head().toLowerCase(Locale.ROOT)).contains("content-length: 5");
            wire.send(Wire.lines("HEAD /open HTTP/1.1", "Host: a"));
            assertThat(wire.head()).contains(" 200 ");
            assertThat(wire.get("/").reply().body()).isEqualTo("12345");
        }
    }

    @Test
    void theServerAloneDecidesHowABodyIsFramed() throws Exception {
        Headers evil =
                Headers.of("Transfer-Encoding", "gzip", "Connection", "close", "X-Kept", "1");
        try (var server = serve(exchange -> exchange.respond(200, evil, utf8("a")));
                Wire wire = new Wire(server.port())) {
            String head = wire.get("/").reply().head().toLowerCase(Locale.ROOT);
            assertThat(head).contains("x-kept: 1").doesNotContain("gzip").doesNotContain("close");
        }
    }

    // ---- clients that leave

    @Test
    void aClientThatLeavesInterruptsAWaitingHandler() throws Exception {
        var waiting = new CountDownLatch(1);
        try (var server =
                        serve(exchange -> {
                            try {
                                waiting.countDown();
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                seen.add("interrupted, gone " + exchange.gone());
                                throw e;
                            }
                        });
                Wire wire = new Wire(server.port())) {
            wire.post("/", "{}");
            assertThat(waiting.await(60, TimeUnit.SECONDS)).isTrue();
            wire.hangUp();
            assertThat(seen()).isEqualTo("interrupted, gone true");
        }
    }

    @Test
    void aHandlerThatHasAnsweredIsNotInterrupted() throws Exception {
        var left = new CountDownLatch(1);
        try (var server =
                        serve(exchange -> {
                            exchange.respond(200, Headers.NONE, utf8("a"));
                            left.await();
                            seen.add("settled");
                        });
                Wire wire = new Wire(server.port());
                Wire next = new Wire(server.port())) {
            assertThat(wire.get("/").reply().body()).isEqualTo("a");
            wire.hangUp();
            assertThat(next.get("/").reply().body()).isEqualTo("a");
            left.countDown();
            assertThat(seen()).isEqualTo("settled");
        }
    }

    @Test
    void aWriteToAClientThatHasLeftThrowsAndLeavesTheThreadUsable() throws Exception {
        try (var server =
                        serve(exchange -> {
                            BodyWriter out = exchange.open(200, Headers.NONE);
                            try {
                                while (true) {
                                    out.write(new byte[1000]);
                                }
                            } catch (InterruptedException e) {
                                seen.add("left " + Thread.currentThread().isInterrupted());
                            }
                        });
                Wire wire = new Wire(server.port())) {
            wire.get("/");
            wire.head();
            wire.reset();
            assertThat(seen()).isEqualTo("left false");
        }
    }

    @Test
    void aSlowReaderStopsTheWriter() throws Exception {
        var written = new AtomicLong();
        var still = new CountDownLatch(1);
        try (var server =
                        serve(exchange -> {
                            try (BodyWriter out = exchange.open(200, Headers.NONE)) {
                                Thread watch =
                                        Thread.ofVirtual().start(() -> untilStill(written, still));
                                while (watch.isAlive()) {
                                    out.write(new byte[10_000]);
                                    written.addAndGet(10_000);
                                }
                            }
                        });
                Wire wire = new Wire(server.port())) {
            wire.send(Wire.lines("GET / HTTP/1.1", "Host: a", "Connection: close"));
            assertThat(still.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(written.get()).isLessThan(32L << 20);
            assertThat(wire.rest()).endsWith("0\r\n\r\n");
        }
    }

    private static void untilStill(AtomicLong count, CountDownLatch still) {
        long before = -1;
        try {
            while (before != count.get()) {
                before = count.get();
                Thread.sleep(500);
            }
        } catch (InterruptedException e) {
            return;
        }
        still.countDown();
    }

    @Test
    void aReaderThatTakesNothingIsCutOff() throws Exception {
        var waits = new ServerSettings.Waits(LONG, LONG, Duration.ofMillis(300), LONG);
        try (var server =
                        HttpServer.start(
                                settings(Duration.ofSeconds(60), waits),
                                exchange -> {
                                    BodyWriter out = exchange.open(200, Headers.NONE);
                                    try {
                                        while (true) {
                                            out.write(new byte[10_000]);
                                        }
                                    } catch (InterruptedException e) {
                                        seen.add("cut");
                                        throw e;
                                    }
                                });
                Wire wire = new Wire(server.port())) {
            wire.get("/");
            assertThat(seen()).isEqualTo("cut");
            assertThat(wire.rest()).doesNotContain("0\r\n\r\n");
        }
    }

    @Test
    void aLargeAnswerIsSentAsItIsTaken() throws Exception {
        byte[] large = new byte[20 << 20];
        try (var server = serve(exchange -> exchange.respond(200, Headers.NONE, large));
                Wire wire = new Wire(server.port())) {
            wire.get("/");
            assertThat(wire.head()).contains(Integer.toString(large.length));
            assertThat(wire.read(large.length)).hasSize(large.length);
            wire.get("/");
            assertThat(wire.head()).contains(" 200 ");
        }
    }

    // ---- clients that dawdle

    @Test
    void cutsOffAConnectionThatBringsNoHead() throws Exception {
        var waits = new ServerSettings.Waits(Duration.ofMillis(200), LONG, LONG, LONG);
        try (var server = HttpServer.start(settings(LONG, waits), exchange -> {});
                Wire silent = new Wire(server.port());
                Wire partial = new Wire(server.port())) {
            partial.send("GET / HTTP/1.1\r\nHost:");
            assertThat(silent.rest()).isIn("", "<reset>");
            assertThat(partial.rest()).isIn("", "<reset>");
        }
    }

    @Test
    void saysSoWhenABodyStopsComing() throws Exception {
        var waits = new ServerSettings.Waits(Duration.ofMillis(200), LONG, LONG, LONG);
        try (var server = HttpServer.start(settings(LONG, waits), exchange -> {});
                Wire wire = new Wire(server.port())) {
            wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12");
            assertThat(wire.reply().status()).isEqualTo(408);
        }
    }

    @Test
    void closesAConnectionThatIsNoLongerUsed() throws Exception {
        var waits = new ServerSettings.Waits(LONG, Duration.ofMillis(200), LONG, LONG);
        try (var server =
                        HttpServer.start(
                                settings(LONG, waits),
                                exchange -> exchange.respond(200, Headers.NONE, utf8("a")));
                Wire wire = new Wire(server.port())) {
            assertThat(wire.get("/").reply().body()).isEqualTo("a");
            assertThat(wire.rest()).isEmpty();
        }
    }

    // ---- the end

    @Test
    void drainsOpenExchangesAndTurnsNewOnesAway() throws Exception {
        var begun = new CountDownLatch(1);
        var finish = new CountDownLatch(1);
        var server =
                serve(exchange -> {
                    if (exchange.path().equals("/long")) {
                        begun.countDown();
                        finish.await();
                    }
                    exchange.respond(200, Headers.NONE, utf8("done"));
                });
        try (Wire busy = new Wire(server.port());
                Wire kept = new Wire(server.port())) {
            assertThat(kept.get("/").reply().status()).isEqualTo(200);
            busy.get("/long");
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            var drained = CompletableFuture.supplyAsync(server::drain);
            awaitRefusal(server.port());
            Wire.Reply refused = kept.get("/").reply();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.head().toLowerCase(Locale.ROOT)).contains("connection: close");
            assertThat(refused.body()).contains("stopping");
            assertThat(kept.rest()).isEmpty();
            assertThat(drained).isNotDone();
            finish.countDown();
            Wire.Reply last = busy.reply();
            assertThat(last.body()).isEqualTo("done");
            assertThat(last.head().toLowerCase(Locale.ROOT)).contains("connection: close");
            assertThat(drained.get(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void awaitRefusal(int port) throws IOException {
        while (true) {
            try (Wire wire = new Wire(port)) {
                wire.get("/");
            } catch (ConnectException e) {
                return;
            } catch (SocketException e) {
                // It was still waiting to be accepted when the port was closed.
            }
        }
    }

    @Test
    void anEndedDrainInterruptsWhatIsLeft() throws Exception {
        var begun = new CountDownLatch(1);
        var server =
                HttpServer.start(
                        settings(Duration.ofMillis(100), PATIENT),
                        exchange -> {
                            begun.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                seen.add("interrupted");
                                throw e;
                            }
                        });
        try (Wire wire = new Wire(server.port())) {
            wire.get("/");
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(server.drain()).isFalse();
            assertThat(seen()).isEqualTo("interrupted");
            wire.rest();
        }
    }

    @Test
    void freesItsPortForTheNext() throws Exception {
        int port;
        try (var first = serve(exchange -> {})) {
            port = first.port();
            ServerSettings same = at(port);
            assertThatThrownBy(() -> HttpServer.start(same, exchange -> {}))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(Integer.toString(port));
        }
        try (var second =
                        HttpServer.start(
                                at(port),
                                exchange -> exchange.respond(200, Headers.NONE, utf8("second")));
                Wire wire = new Wire(second.port())) {
            assertThat(wire.get("/").reply().body()).isEqualTo("second");
        }
    }

    private static ServerSettings at(int port) {
        return ServerSettings.loopback(port);
    }
}
