package entrepot.http.engine;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.http.CallFailed.Reason;
import entrepot.http.Clocks;
import entrepot.http.Incoming;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** R13: three clocks and one over all, each with its own name when it runs out. */
@Timeout(120)
class CallClocksTest extends Calls {

    private static final Duration SHORT = Duration.ofMillis(150);

    @Test
    void saysWhenNobodyListens() throws Exception {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThat(reason(() -> client.send(get("http://127.0.0.1:" + free, PATIENT))))
                .isEqualTo(Reason.NOT_CONNECTED);
        assertThat(reason(() -> client.send(get("http://no.such.host.invalid/", PATIENT))))
                .isEqualTo(Reason.NOT_CONNECTED);
        assertThat(reason(() -> client.send(get("https://127.0.0.1:" + free, PATIENT))))
                .isEqualTo(Reason.NOT_CONNECTED);
    }

    @Test
    void theConnectClockCoversAHandshakeThatStalls() throws Exception {
        try (var upstream = new Upstream(Wire::rest)) {
            var clocks = new Clocks(SHORT, LONG, LONG, LONG);
            String url = "https://127.0.0.1:" + upstream.port();
            assertThat(reason(() -> client.send(get(url, clocks))))
                    .isEqualTo(Reason.CONNECT_TIMEOUT);
        }
    }

    @Test
    void theFirstByteClockWaitsForTheHead() throws Exception {
        var cut = new CountDownLatch(1);
        try (var upstream =
                new Upstream(wire -> {
                    wire.head();
                    wire.rest();
                    cut.countDown();
                })) {
            var clocks = new Clocks(LONG, SHORT, LONG, LONG);
            assertThat(reason(() -> client.send(post(upstream.url(), "{}", clocks))))
                    .isEqualTo(Reason.FIRST_BYTE_TIMEOUT);
            assertThat(cut.await(60, TimeUnit.SECONDS)).as("the call is reset").isTrue();
        }
    }

    @Test
    void theIdleClockStartsAnewWithEachChunk() throws Exception {
        try (var upstream =
                new Upstream(wire -> {
                    wire.head();
                    wire.send(Wire.lines("HTTP/1.1 200 OK", "Content-Length: 100"));
                    for (int i = 0; i < 8; i++) {
                        Thread.sleep(100);
                        wire.send("x");
                    }
                    wire.rest();
                })) {
            var clocks = new Clocks(LONG, LONG, Duration.ofMillis(700), LONG);
            try (Incoming in = client.send(get(upstream.url(), clocks))) {
                var taken = new StringBuilder();
                Reason reason =
                        reason(() -> {
                            byte[] chunk;
                            while ((chunk = in.next()) != null) {
                                taken.append(new String(chunk, StandardCharsets.UTF_8));
                            }
                        });
                assertThat(reason).isEqualTo(Reason.IDLE_TIMEOUT);
                assertThat(taken).as("all that came first").hasToString("x".repeat(8));
            }
        }
    }

    @Test
    void theIdleClockDoesNotBlameThePeerWhileWeDoNotRead() throws Exception {
        byte[] block = new byte[1 << 20];
        try (var upstream =
                new Upstream(wire -> {
                    wire.head();
                    wire.send(Wire.lines("HTTP/1.1 200 OK", "Content-Length: " + (32 << 20)));
                    for (int i = 0; i < 32; i++) {
                        wire.send(block);
                    }
                    wire.rest();
                })) {
            var clocks = new Clocks(LONG, LONG, Duration.ofSeconds(1), LONG);
            try (Incoming in = client.send(get(upstream.url(), clocks))) {
                assertThat(in.peek()).isNotNull();
                Thread.sleep(2_500);
                long taken = 0;
                byte[] chunk;
                while ((chunk = in.next()) != null) {
                    taken += chunk.length;
                }
                assertThat(taken).isEqualTo(32 << 20);
            }
        }
    }

    @Test
    void theTotalClockEndsWhatNeverEnds() throws Exception {
        try (var upstream =
                new Upstream(wire -> {
                    wire.head();
                    wire.send(Wire.lines("HTTP/1.1 200 OK", "Content-Length: 100000"));
                    while (true) {
                        wire.send("x");
                        Thread.sleep(20);
                    }
                })) {
            var clocks = new Clocks(LONG, LONG, LONG, Duration.ofMillis(400));
            try (Incoming in = client.send(get(upstream.url(), clocks))) {
                assertThat(reason(() -> in.all(1 << 20))).isEqualTo(Reason.TOTAL_TIMEOUT);
            }
        }
    }
}
