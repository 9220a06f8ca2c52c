package entrepot.http.engine;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.http.CallFailed;
import entrepot.http.CallFailed.Reason;
import entrepot.http.ClientSettings;
import entrepot.http.Headers;
import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** R07, R20, R69: how calls go out, and how each way of failing is told. */
@Timeout(120)
class HttpClientTest extends Calls {

    @Test
    void keepsAConnectionAndUsesItAgain() throws Exception {
        try (var upstream = always(OK)) {
            for (int i = 0; i < 20; i++) {
                assertThat(text(client.send(get(upstream.url(), PATIENT)))).isEqualTo("ok");
            }
            // One for each event loop at most, since this thread belongs to none.
            assertThat(upstream.connections())
                    .isLessThanOrEqualTo(Runtime.getRuntime().availableProcessors());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a/../b/%2e%2e/%2F//c",
                "/%7Euser;v=1/~user",
                "/q?x=%20+y&&z=a?b",
                "/model:run@v1"
            })
    void sendsThePathExactlyAsWritten(String path) throws Exception {
        var seen = new CompletableFuture<String>();
        try (var upstream =
                new Upstream(wire -> {
                    seen.complete(wire.head());
                    wire.send(OK);
                    wire.rest();
                })) {
            text(client.send(get(upstream.url() + path, PATIENT)));
            assertThat(seen.get()).startsWith("GET " + path + " HTTP/1.1\r\n");
        }
    }

    @Test
    void sendsNoHeaderThatHttpDoesNotNeed() throws Exception {
        var seen = new CompletableFuture<String>();
        try (var upstream =
                new Upstream(wire -> {
                    seen.complete(wire.head());
                    wire.send(OK);
                    wire.rest();
                })) {
            Outgoing call =
                    new Outgoing(
                            "POST",
                            URI.create(upstream.url()),
                            Headers.of(
                                    "X-Api-Key", "k",
                                    "Connection", "close",
                                    "Transfer-Encoding", "chunked",
                                    "Content-Length", "999"),
                            new byte[3],
                            PATIENT);
            text(client.send(call));
            List<String> names = new ArrayList<>();
            seen.get()
                    .lines()
                    .skip(1)
                    .filter(l -> !l.isEmpty())
                    .forEach(l ->
                            names.add(l.substring(0, l.indexOf(':')).toLowerCase(Locale.ROOT)));
            assertThat(names).containsExactlyInAnyOrder("x-api-key", "content-length", "host");
            assertThat(seen.get().toLowerCase(Locale.ROOT)).contains("content-length: 3");
        }
    }

    @Test
    void peekShowsAnEmptyStreamBeforeAnythingIsPromised() throws Exception {
        String empty = Wire.lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + "0\r\n\r\n";
        try (var upstream = always(empty);
                Incoming in = client.send(get(upstream.url(), PATIENT))) {
            assertThat(in.peek()).isNull();
            assertThat(in.next()).isNull();
        }
    }

    @Test
    void peekLeavesTheChunkForNext() throws Exception {
        try (var upstream = always(OK);
                Incoming in = client.send(get(upstream.url(), PATIENT))) {
            assertThat(in.peek()).asString().isEqualTo("ok");
            assertThat(in.peek()).asString().isEqualTo("ok");
            assertThat(in.next()).asString().isEqualTo("ok");
            assertThat(in.next()).isNull();
        }
    }

    @Test
    void doesNotFollowRedirectsNorUnpackBodies() throws Exception {
        String moved =
                Wire.lines(
                                "HTTP/1.1 302 Found",
                                "Location: /elsewhere",
                                "Content-Encoding: gzip",
                                "Content-Length: 3")
                        + "raw";
        try (var upstream = always(moved);
                Incoming in = client.send(get(upstream.url(), PATIENT))) {
            assertThat(in.status()).isEqualTo(302);
            assertThat(in.headers().get("location")).isEqualTo("/elsewhere");
            assertThat(in.all(10)).asString().isEqualTo("raw");
        }
    }

    // ---- breaking

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void tellsABrokenAnswerFromAWholeOne(boolean reset) throws Exception {
        try (var upstream =
                new Upstream(wire -> {
                    wire.head();
                    wire.send(Wire.lines("HTTP/1.1 200 OK", "Content-Length: 10") + "half");
                    if (reset) {
                        Thread.sleep(50);
                        wire.reset();
                    }
                })) {
            try (Incoming in = client.send(get(upstream.url(), PATIENT))) {
                assertThat(reason(() -> in.all(100))).isEqualTo(Reason.BROKEN);
            }
        }
    }

    @Test
    void saysWhenThePeerIsNoHttpServer() throws Exception {
        try (var upstream =
                new Upstream(wire -> {
                    wire.head();
                    wire.send("SSH-2.0-OpenSSH\r\n\r\n");
                    wire.rest();
                })) {
            assertThat(reason(() -> client.send(get(upstream.url(), PATIENT))))
                    .isEqualTo(Reason.MALFORMED);
        }
    }

    @Test
    void refusesAnAnswerLongerThanItsReaderAllows() throws Exception {
        try (var upstream = always(OK);
                Incoming in = client.send(get(upstream.url(), PATIENT))) {
            assertThat(reason(() -> in.all(1))).isEqualTo(Reason.TOO_LARGE);
        }
    }

    @Test
    void anInterruptedCallerResetsTheCall() throws Exception {
        var asked = new CountDownLatch(1);
        var cut = new CountDownLatch(1);
        try (var upstream =
                new Upstream(wire -> {
                    wire.head();
                    asked.countDown();
                    wire.rest();
                    cut.countDown();
                })) {
            var thrown = new CompletableFuture<Throwable>();
            Thread caller =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    client.send(post(upstream.url(), "{}", PATIENT));
                                } catch (CallFailed | InterruptedException e) {
                                    thrown.complete(e);
                                }
                            });
            assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
            caller.interrupt();
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
            assertThat(cut.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closingAnAnswerThatIsNotOverResetsTheCall() throws Exception {
        var cut = new CountDownLatch(1);
        try (var upstream =
                new Upstream(wire -> {
                    wire.head();
                    wire.send(Wire.lines("HTTP/1.1 200 OK", "Content-Length: 10") + "half");
                    wire.rest();
                    cut.countDown();
                })) {
            client.send(get(upstream.url(), PATIENT)).close();
            assertThat(cut.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aSlowReaderStopsTheSender() throws Exception {
        var sent = new AtomicLong();
        byte[] block = new byte[64 * 1024];
        var still = new CountDownLatch(1);
        try (var upstream =
                new Upstream(wire -> {
                    wire.head();
                    wire.send(Wire.lines("HTTP/1.1 200 OK", "Content-Length: " + (1L << 40)));
                    Thread.ofVirtual().start(() -> untilStill(sent, still));
                    while (true) {
                        wire.send(block);
                        sent.addAndGet(block.length);
                    }
                })) {
            try (Incoming in = client.send(get(upstream.url(), PATIENT))) {
                assertThat(in.peek()).isNotNull();
                assertThat(still.await(60, TimeUnit.SECONDS)).isTrue();
                assertThat(sent.get()).isLessThan(64L << 20);
            }
        }
    }

    private static void untilStill(AtomicLong sent, CountDownLatch still) {
        long before = -1;
        try {
            while (before != sent.get()) {
                before = sent.get();
                Thread.sleep(500);
            }
        } catch (InterruptedException e) {
            return;
        }
        still.countDown();
    }

    // ---- R07: where calls may go

    @Test
    void asksBeforeConnectingToTheVeryAddressANameStandsFor() throws Exception {
        var asked = new ArrayList<InetAddress>();
        var settings =
                new ClientSettings(
                        10,
                        false,
                        List.of(),
                        address -> {
                            asked.add(address);
                            return !address.isLoopbackAddress();
                        });
        try (var upstream = always(OK);
                HttpClient guarded = HttpClients.open(settings)) {
            String url = "http://localhost:" + upstream.port();
            assertThat(reason(() -> guarded.send(get(url, PATIENT))))
                    .isEqualTo(Reason.NOT_CONNECTED);
            assertThat(asked).isNotEmpty().allMatch(InetAddress::isLoopbackAddress);
            assertThat(upstream.connections()).isZero();
        }
    }

    @Test
    void connectsToAnAddressThatIsAllowed() throws Exception {
        var settings =
                new ClientSettings(10, false, List.of(), a -> a.getHostAddress().contains("."));
        try (var upstream = always(OK);
                HttpClient guarded = HttpClients.open(settings)) {
            String url = "http://localhost:" + upstream.port();
            assertThat(text(guarded.send(get(url, PATIENT)))).isEqualTo("ok");
        }
    }

    @Test
    void leavesNoConnectionOpenWhenItIsClosed() throws Exception {
        var over = new CountDownLatch(1);
        try (var upstream =
                new Upstream(wire -> {
                    wire.head();
                    wire.send(OK);
                    wire.rest();
                    over.countDown();
                })) {
            HttpClient own = HttpClients.open(ClientSettings.DEFAULT);
            text(own.send(get(upstream.url(), PATIENT)));
            own.close();
            assertThat(over.await(60, TimeUnit.SECONDS)).isTrue();
            try (var fresh = new Socket(InetAddress.getLoopbackAddress(), upstream.port())) {
                assertThat(fresh.isConnected()).isTrue();
            }
        }
    }
}
