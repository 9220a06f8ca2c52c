package entrepot.http.engine;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.http.Exchange;
import entrepot.http.Handler;
import entrepot.http.Headers;
import entrepot.http.ServerSettings;
import entrepot.http.WebSocket;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Text both ways with the JDK's client at the other end. */
@Timeout(120)
class WebSocketTest {

    private final BlockingQueue<String> seen = new ArrayBlockingQueue<>(100);

    private String seen() throws InterruptedException {
        return String.valueOf(seen.poll(60, TimeUnit.SECONDS));
    }

    /** Notes what it hears. */
    private final class Ear implements java.net.http.WebSocket.Listener {

        private final StringBuilder message = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                java.net.http.WebSocket socket, CharSequence part, boolean last) {
            message.append(part);
            if (last) {
                seen.add(message.toString());
                message.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(
                java.net.http.WebSocket socket, int status, String reason) {
            seen.add("closed " + status + " " + reason);
            return null;
        }

        @Override
        public void onError(java.net.http.WebSocket socket, Throwable error) {
            seen.add("error");
        }
    }

    private java.net.http.WebSocket connect(
            java.net.http.HttpClient client, HttpServer server, String path) throws Exception {
        return client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + path), new Ear())
                .get(60, TimeUnit.SECONDS);
    }

    private static HttpServer serve(Handler handler) {
        return HttpServer.start(ServerSettings.loopback(0), handler);
    }

    private void echo(Exchange exchange) throws InterruptedException {
        WebSocket socket = exchange.webSocket();
        String text;
        while ((text = socket.receive()) != null) {
            if (text.equals("bye")) {
                socket.close(4001, "as you wish");
                return;
            }
            socket.send("echo " + text);
        }
        seen.add("peer closed, interrupted " + Thread.currentThread().isInterrupted());
    }

    @Test
    void echoesMessagesUntilTheClientCloses() throws Exception {
        try (var server = serve(this::echo);
                var client = java.net.http.HttpClient.newHttpClient()) {
            var socket = connect(client, server, "/");
            socket.sendText("one", true).get(60, TimeUnit.SECONDS);
            assertThat(seen()).isEqualTo("echo one");
            socket.sendText("in ", false).get(60, TimeUnit.SECONDS);
            socket.sendText("parts \u4f60", true).get(60, TimeUnit.SECONDS);
            assertThat(seen()).isEqualTo("echo in parts \u4f60");
            String large = "x".repeat(500_000);
            socket.sendText(large, true).get(60, TimeUnit.SECONDS);
            assertThat(seen()).isEqualTo("echo " + large);
            socket.sendClose(1000, "").get(60, TimeUnit.SECONDS);
            assertThat(new String[] {seen(), seen()})
                    .containsExactlyInAnyOrder("closed 1000 ", "peer closed, interrupted false");
        }
    }

    @Test
    void closesWithAStatusAndAReason() throws Exception {
        try (var server = serve(this::echo);
                var client = java.net.http.HttpClient.newHttpClient()) {
            connect(client, server, "/").sendText("bye", true).get(60, TimeUnit.SECONDS);
            assertThat(seen()).isEqualTo("closed 4001 as you wish");
        }
    }

    @Test
    void refusesBytes() throws Exception {
        try (var server = serve(this::echo);
                var client = java.net.http.HttpClient.newHttpClient()) {
            var socket = connect(client, server, "/");
            socket.sendBinary(ByteBuffer.wrap(new byte[3]), true).get(60, TimeUnit.SECONDS);
            assertThat(new String[] {seen(), seen()})
                    .contains("closed 1003 only text is spoken here");
        }
    }

    @Test
    void aHandlerThatReturnsClosesTheSocket() throws Exception {
        try (var server = serve(exchange -> exchange.webSocket().send("hello"));
                var client = java.net.http.HttpClient.newHttpClient()) {
            connect(client, server, "/");
            assertThat(seen()).isEqualTo("hello");
            assertThat(seen()).isEqualTo("closed 1000 ");
        }
    }

    @Test
    void aClientThatVanishesInterruptsAHandlerThatWaitsForSomethingElse() throws Exception {
        var upgraded = new CountDownLatch(1);
        try (var server =
                        serve(exchange -> {
                            WebSocket socket = exchange.webSocket();
                            upgraded.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                seen.add("interrupted");
                                seen.add(String.valueOf(socket.receive()));
                            }
                        });
                Wire wire = new Wire(server.port())) {
            wire.send(upgrade());
            assertThat(wire.head()).startsWith("HTTP/1.1 101");
            assertThat(upgraded.await(60, TimeUnit.SECONDS)).isTrue();
            wire.reset();
            assertThat(seen()).isEqualTo("interrupted");
            assertThat(seen()).isEqualTo("null");
        }
    }

    private static String upgrade() {
        return Wire.lines(
                "GET / HTTP/1.1",
                "Host: a",
                "Connection: keep-alive, Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    }

    @Test
    void mayAnswerAnUpgradeInPlainHttp() throws Exception {
        try (var server =
                        serve(exchange ->
                                exchange.respond(
                                        exchange.wantsWebSocket() ? 404 : 200,
                                        Headers.NONE,
                                        "plain".getBytes(StandardCharsets.UTF_8)));
                Wire wire = new Wire(server.port())) {
            Wire.Reply reply = wire.send(upgrade()).reply();
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.body()).isEqualTo("plain");
            assertThat(wire.get("/").reply().status()).isEqualTo(200);
        }
    }

    @Test
    void cutsOffAPeerThatAnswersNoPing() throws Exception {
        ServerSettings plain = ServerSettings.loopback(0);
        ServerSettings.Waits waits = plain.waits();
        var settings =
                new ServerSettings(
                        plain.host(),
                        0,
                        plain.urlBytesMax(),
                        plain.headerBytesMax(),
                        plain.bodyBytesMax(),
                        plain.bytesInFlightMax(),
                        plain.exchangesMax(),
                        plain.writeQueueBytesMax(),
                        plain.drain(),
                        new ServerSettings.Waits(
                                waits.request(),
                                waits.idle(),
                                waits.reader(),
                                Duration.ofMillis(200)),
                        null);
        try (var server = HttpServer.start(settings, this::echo);
                Wire deaf = new Wire(server.port())) {
            deaf.send(upgrade());
            deaf.head();
            String frames = deaf.rest();
            assertThat((int) frames.charAt(0)).as("a ping").isEqualTo(0x89);
            assertThat(frames).contains("no pong");
            assertThat(seen()).startsWith("peer closed");
        }
    }

    @Test
    void aReaderThatStopsStopsTheSender() throws Exception {
        var sent = new AtomicLong();
        var still = new CountDownLatch(1);
        String block = "x".repeat(10_000);
        try (var server =
                        serve(exchange -> {
                            WebSocket socket = exchange.webSocket();
                            Thread watch = Thread.ofVirtual().start(() -> untilStill(sent, still));
                            while (watch.isAlive()) {
                                socket.send(block);
                                sent.addAndGet(block.length());
                            }
                        });
                Wire wire = new Wire(server.port())) {
            wire.send(upgrade());
            assertThat(still.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(sent.get()).isLessThan(32L << 20);
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
}
