package entrepot.http.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.http.CallFailed;
import entrepot.http.ClientSettings;
import entrepot.http.Clocks;
import entrepot.http.Exchange;
import entrepot.http.Exchange.End;
import entrepot.http.Handler;
import entrepot.http.Headers;
import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;
import entrepot.http.ServerSettings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** R10, R54: what happens at one end of a relay happens at the other. */
@Timeout(120)
class RelayTest {

    private static final Clocks CLOCKS =
            new Clocks(
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(20),
                    Duration.ofMinutes(2));
    private static final Exchange.Filter AS_IS =
            new Exchange.Filter() {
                @Override
                public byte[] chunk(byte[] bytes) {
                    return bytes;
                }

                @Override
                public byte[] end() {
                    return new byte[0];
                }
            };

    private final HttpClient client = HttpClients.open(ClientSettings.DEFAULT);
    private final BlockingQueue<Object> ends = new ArrayBlockingQueue<>(10);
    private final CountDownLatch upstreamCut = new CountDownLatch(1);

    @AfterEach
    void stop() {
        client.close();
    }

    /** How the handlers of these tests are served. */
    Handler carried(Handler handler) {
        return handler;
    }

    private HttpServer relaying(Upstream upstream, Clocks clocks, Exchange.Filter filter) {
        return HttpServer.start(
                ServerSettings.loopback(0),
                carried(exchange -> {
                    try {
                        Incoming in =
                                client.send(
                                        new Outgoing(
                                                "POST",
                                                URI.create(upstream.url() + "/up"),
                                                Headers.of("content-type", "application/json"),
                                                exchange.body(),
                                                clocks));
                        ends.add(
                                exchange.relay(
                                        in,
                                        in.status(),
                                        Headers.of("content-type", "text/event-stream"),
                                        filter));
                        ends.add(Thread.currentThread().isInterrupted());
                    } catch (CallFailed e) {
                        ends.add(e.reason());
                        exchange.respond(502, Headers.NONE, new byte[0]);
                    } catch (InterruptedException e) {
                        ends.add("interrupted");
                        throw e;
                    }
                }));
    }

    private HttpServer relaying(Upstream upstream) {
        return relaying(upstream, CLOCKS, AS_IS);
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private static void streamHead(Wire wire) throws Exception {
        wire.head();
        wire.send(Wire.lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked"));
    }

    private Object end() throws InterruptedException {
        Object end = ends.poll(60, TimeUnit.SECONDS);
        return end == null ? "nothing" : end;
    }

    @Test
    void passesChunksOnAsTheyCome() throws Exception {
        var step = new Semaphore(0);
        try (var upstream =
                        new Upstream(wire -> {
                            streamHead(wire);
                            step.acquire();
                            wire.send(chunk("one"));
                            step.acquire();
                            wire.send(chunk("two") + "0\r\n\r\n");
                            wire.rest();
                        });
                var server = relaying(upstream);
                var wire = new Wire(server.port())) {
            wire.post("/", "{}");
            assertThat(wire.head()).contains(" 200 ").contains("text/event-stream");
            step.release();
            assertThat(wire.read(8)).isEqualTo("3\r\none\r\n");
            step.release();
            assertThat(wire.read(13)).isEqualTo("3\r\ntwo\r\n0\r\n\r\n");
            assertThat(end()).isEqualTo(End.COMPLETE);
        }
    }

    @Test
    void passesAWholeSmallAnswerOnInOneGo() throws Exception {
        try (var upstream =
                        new Upstream(wire -> {
                            wire.head();
                            wire.send(Wire.lines("HTTP/1.1 200 OK", "Content-Length: 5") + "whole");
                            wire.rest();
                        });
                var server = relaying(upstream);
                var wire = new Wire(server.port())) {
            wire.post("/", "{}");
            wire.head();
            assertThat(end()).isEqualTo(End.COMPLETE);
            assertThat(end()).isEqualTo(false);
        }
    }

    @Test
    void aClientThatLeavesBeforeTheFirstByteResetsTheUpstreamAndInterruptsTheHandler()
            throws Exception {
        var asked = new CountDownLatch(1);
        try (var upstream =
                        new Upstream(wire -> {
                            wire.head();
                            asked.countDown();
                            wire.rest();
                            upstreamCut.countDown();
                        });
                var server = relaying(upstream);
                var wire = new Wire(server.port())) {
            wire.post("/", "{}");
            assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
            wire.hangUp();
            assertThat(upstreamCut.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(end()).isEqualTo("interrupted");
        }
    }

    @Test
    void aClientThatLeavesMidStreamResetsTheUpstreamAndLeavesTheHandlerInPeace() throws Exception {
        try (var upstream =
                        new Upstream(wire -> {
                            streamHead(wire);
                            wire.send(chunk("one"));
                            wire.rest();
                            upstreamCut.countDown();
                        });
                var server = relaying(upstream);
                var wire = new Wire(server.port())) {
            wire.post("/", "{}");
            wire.head();
            wire.read(8);
            wire.reset();
            assertThat(upstreamCut.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(end()).isEqualTo(End.CLIENT_LEFT);
            assertThat(end()).as("interrupted afterwards").isEqualTo(false);
        }
    }

    @Test
    void anUpstreamThatEndsEarlyCutsTheAnswer() throws Exception {
        brokenBy(Wire::close);
    }

    @Test
    void anUpstreamThatResetsCutsTheAnswer() throws Exception {
        brokenBy(Wire::reset);
    }

    private void brokenBy(Upstream.Script how) throws Exception {
        var read = new CountDownLatch(1);
        try (var upstream =
                        new Upstream(wire -> {
                            streamHead(wire);
                            wire.send(chunk("one"));
                            read.await();
                            how.play(wire);
                        });
                var server = relaying(upstream);
                var wire = new Wire(server.port())) {
            wire.post("/", "{}");
            wire.head();
            assertThat(wire.read(8)).isEqualTo("3\r\none\r\n");
            read.countDown();
            assertThat(wire.rest()).as("no last chunk").doesNotContain("0\r\n\r\n");
            assertThat(end()).isEqualTo(End.UPSTREAM_BROKE);
        }
    }

    @Test
    void anUpstreamThatFallsSilentTimesOut() throws Exception {
        var clocks =
                new Clocks(
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(20),
                        Duration.ofMillis(200),
                        Duration.ofMinutes(2));
        try (var upstream =
                        new Upstream(wire -> {
                            streamHead(wire);
                            wire.send(chunk("one"));
                            wire.rest();
                            upstreamCut.countDown();
                        });
                var server = relaying(upstream, clocks, AS_IS);
                var wire = new Wire(server.port())) {
            wire.post("/", "{}");
            wire.head();
            assertThat(wire.rest()).isEqualTo("3\r\none\r\n");
            assertThat(end()).isEqualTo(End.TIMED_OUT);
            assertThat(upstreamCut.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aReaderThatStopsStopsTheReadingOfAnEndlessUpstream() throws Exception {
        var sent = new AtomicLong();
        var stuck = new CountDownLatch(1);
        byte[] block = chunk("x".repeat(32 * 1024)).getBytes(StandardCharsets.ISO_8859_1);
        try (var upstream =
                        new Upstream(wire -> {
                            streamHead(wire);
                            Thread watch = Thread.ofVirtual().start(() -> untilStill(sent, stuck));
                            while (watch.isAlive()) {
                                wire.send(block);
                                sent.addAndGet(block.length);
                            }
                            wire.send("0\r\n\r\n");
                            wire.rest();
                        });
                var server = relaying(upstream);
                var wire = new Wire(server.port())) {
            wire.send(Wire.lines("GET / HTTP/1.1", "Host: a", "Connection: close"));
            wire.head();
            assertThat(stuck.await(60, TimeUnit.SECONDS)).isTrue();
            // Socket buffers of two hops take some megabytes; an unbounded relay takes them all.
            assertThat(sent.get()).isLessThan(64L << 20);
            assertThat(wire.rest()).endsWith("0\r\n\r\n");
            assertThat(end()).isEqualTo(End.COMPLETE);
        }
    }

    private static void untilStill(AtomicLong sent, CountDownLatch stuck) {
        long before = -1;
        try {
            while (before != sent.get()) {
                before = sent.get();
                Thread.sleep(500);
            }
        } catch (InterruptedException e) {
            return;
        }
        stuck.countDown();
    }

    @Test
    void theFilterSeesEveryChunkAndAddsATail() throws Exception {
        var filter =
                new Exchange.Filter() {
                    @Override
                    public byte[] chunk(byte[] bytes) {
                        String text = new String(bytes, StandardCharsets.UTF_8);
                        return text.contains("hold")
                                ? new byte[0]
                                : text.toUpperCase(java.util.Locale.ROOT)
                                        .getBytes(StandardCharsets.UTF_8);
                    }

                    @Override
                    public byte[] end() {
                        return "tail".getBytes(StandardCharsets.UTF_8);
                    }
                };
        var step = new Semaphore(0);
        try (var upstream =
                        new Upstream(wire -> {
                            streamHead(wire);
                            step.acquire();
                            wire.send(chunk("hold"));
                            wire.send(chunk("one"));
                            step.acquire();
                            wire.send("0\r\n\r\n");
                            wire.rest();
                        });
                var server = relaying(upstream, CLOCKS, filter);
                var wire = new Wire(server.port())) {
            wire.post("/", "{}");
            wire.head();
            step.release(2);
            assertThat(wire.read(22)).contains("ONE").endsWith("4\r\ntail\r\n0\r\n\r\n");
        }
    }

    @Test
    void aFilterThatFailsCutsTheAnswerAndIsToldToItsOwner() throws Exception {
        var filter =
                new Exchange.Filter() {
                    @Override
                    public byte[] chunk(byte[] bytes) {
                        throw new IllegalArgumentException("cannot read this");
                    }

                    @Override
                    public byte[] end() {
                        return new byte[0];
                    }
                };
        var thrown = new CompletableFuture<Throwable>();
        try (var upstream =
                        new Upstream(wire -> {
                            streamHead(wire);
                            wire.send(chunk("one"));
                            wire.rest();
                            upstreamCut.countDown();
                        });
                var server =
                        HttpServer.start(
                                ServerSettings.loopback(0),
                                exchange -> {
                                    try {
                                        exchange.relay(call(upstream), 200, Headers.NONE, filter);
                                    } catch (RuntimeException e) {
                                        thrown.complete(e);
                                        throw e;
                                    }
                                });
                var wire = new Wire(server.port())) {
            wire.get("/");
            assertThat(wire.rest()).doesNotContain("0\r\n\r\n");
            assertThat(thrown.get(60, TimeUnit.SECONDS)).hasRootCauseMessage("cannot read this");
            assertThat(upstreamCut.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private Incoming call(Upstream upstream) throws InterruptedException {
        try {
            return client.send(
                    new Outgoing(
                            "GET", URI.create(upstream.url()), Headers.NONE, new byte[0], CLOCKS));
        } catch (CallFailed e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void relaysAnAnswerThatWasCalledFromAnotherThread() throws Exception {
        var step = new Semaphore(0);
        try (var upstream =
                        new Upstream(wire -> {
                            wire.head();
                            // Answers one call: a second one must not find this connection kept.
                            wire.send(
                                    Wire.lines(
                                            "HTTP/1.1 200 OK",
                                            "Connection: close",
                                            "Transfer-Encoding: chunked"));
                            for (int i = 0; i < 3; i++) {
                                step.acquire();
                                wire.send(chunk("c" + i));
                            }
                            wire.send("0\r\n\r\n");
                            wire.rest();
                        });
                var server =
                        HttpServer.start(
                                ServerSettings.loopback(0),
                                exchange -> {
                                    var answers = new ArrayBlockingQueue<Incoming>(4);
                                    for (int i = 0; i < 3; i++) {
                                        Thread.ofVirtual()
                                                .start(() -> {
                                                    try {
                                                        answers.add(call(upstream));
                                                    } catch (InterruptedException e) {
                                                        Thread.currentThread().interrupt();
                                                    }
                                                });
                                    }
                                    Incoming first = answers.take();
                                    answers.take().close();
                                    answers.take().close();
                                    ends.add(exchange.relay(first, 200, Headers.NONE, AS_IS));
                                });
                var wire = new Wire(server.port())) {
            wire.send(Wire.lines("GET / HTTP/1.1", "Host: a", "Connection: close"));
            step.release(9);
            assertThat(wire.rest()).contains(" 200 ").contains("c0").contains("c1").contains("c2");
            assertThat(end()).isEqualTo(End.COMPLETE);
        }
    }

    @Test
    void anExchangeIsAnsweredOnlyOnce() throws Exception {
        try (var server =
                        HttpServer.start(
                                ServerSettings.loopback(0),
                                exchange -> {
                                    exchange.respond(204, Headers.NONE, new byte[0]);
                                    try {
                                        exchange.respond(200, Headers.NONE, new byte[0]);
                                    } catch (IllegalStateException e) {
                                        ends.add(e);
                                    }
                                });
                var wire = new Wire(server.port())) {
            assertThat(wire.get("/").reply().status()).isEqualTo(204);
            assertThat(end()).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> Headers.of("x", "a\r\nevil: 1"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
