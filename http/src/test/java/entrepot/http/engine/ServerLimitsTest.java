package entrepot.http.engine;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.http.Exchange;
import entrepot.http.Headers;
import entrepot.http.Refusals;
import entrepot.http.ServerSettings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** R11: what is too much, or not HTTP, is refused before a handler sees it. */
class ServerLimitsTest {

    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";

    private static final int BODY_MAX = 1000;

    private HttpServer server;
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch holding = new CountDownLatch(1);

    @BeforeEach
    void start() {
        server = HttpServer.start(settings(), this::answer);
    }

    @AfterEach
    void stop() {
        held.countDown();
        server.close();
    }

    private static ServerSettings settings() {
        return new ServerSettings(
                "127.0.0.1",
                0,
                2048,
                4096,
                BODY_MAX,
                BODY_MAX + 500,
                2,
                64 * 1024,
                Duration.ofSeconds(10),
                ServerSettings.Waits.DEFAULT,
                null);
    }

    private void answer(Exchange exchange) throws InterruptedException {
        if (exchange.path().equals("/hold")) {
            holding.countDown();
            held.await();
        }
        exchange.respond(
                200,
                Headers.of("content-type", "text/plain"),
                "%s %s?%s %d"
                        .formatted(
                                exchange.method(),
                                exchange.path(),
                                exchange.query(),
                                exchange.body().length)
                        .getBytes(StandardCharsets.UTF_8));
    }

    private Wire wire() throws IOException {
        return new Wire(server.port());
    }

    @Test
    void answersOneRequestAfterAnotherOnOneConnection() throws Exception {
        try (Wire wire = wire()) {
            assertThat(wire.get("/a?b=%20c").reply().body()).isEqualTo("GET /a?b=%20c 0");
            assertThat(wire.post("/x/../y%2f", "12345").reply().body())
                    .isEqualTo("POST /x/../y%2f? 5");
            assertThat(wire.get("/last").reply().status()).isEqualTo(200);
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws Exception {
        try (Wire wire = wire()) {
            wire.send(
                    Wire.lines("POST /1 HTTP/1.1", "Host: a", "Content-Length: 2")
                            + "hi"
                            + Wire.lines("GET /2 HTTP/1.1", "Host: a")
                            + Wire.lines("GET /3 HTTP/1.1", "Host: a"));
            assertThat(wire.reply().body()).isEqualTo("POST /1? 2");
            assertThat(wire.reply().body()).isEqualTo("GET /2? 0");
            assertThat(wire.reply().body()).isEqualTo("GET /3? 0");
        }
    }

    @Test
    void takesABodyOfExactlyTheLimit() throws Exception {
        try (Wire wire = wire()) {
            assertThat(wire.post("/", "x".repeat(BODY_MAX)).reply().body()).endsWith(" 1000");
        }
    }

    @Test
    void refusesABodyDeclaredTooLongBeforeItComes() throws Exception {
        try (Wire wire = wire()) {
            wire.send("POST /v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n");
            Wire.Reply reply = wire.reply();
            assertThat(reply.status()).isEqualTo(413);
            assertThat(reply.head().toLowerCase(Locale.ROOT)).contains("connection: close");
            assertThat(reply.body())
                    .isEqualTo(
                            """
                            {"error":{"message":"The request's body is too large.",\
                            "type":"invalid_request_error","code":"body_too_large","param":null}}\
                            """);
        }
    }

    @Test
    void refusesAChunkedBodyOnceItIsTooLong() throws Exception {
        try (Wire wire = wire()) {
            wire.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            wire.send("1f4\r\n" + "x".repeat(500) + "\r\n");
            wire.send("1f5\r\n" + "x".repeat(501) + "\r\n");
            assertThat(wire.reply().status()).isEqualTo(413);
        }
    }

    @Test
    void answersAClientThatGoesOnSendingAfterTheRefusal() throws Exception {
        try (Wire wire = wire()) {
            wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8000000\r\n\r\n");
            wire.send(new byte[8_000_000]);
            assertThat(wire.reply().status()).isEqualTo(413);
            assertThat(wire.rest()).isEmpty();
        }
    }

    @Test
    void refusesTooManyBytesInFlightAndSaysWhenToComeBack() throws Exception {
        try (Wire first = wire();
                Wire second = wire()) {
            first.post("/hold", "x".repeat(BODY_MAX));
            assertThat(holding.await(30, TimeUnit.SECONDS)).isTrue();
            second.post("/", "x".repeat(600));
            Wire.Reply reply = second.reply();
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.head().toLowerCase(Locale.ROOT)).contains("retry-after: 1");
            held.countDown();
            assertThat(first.reply().status()).isEqualTo(200);
            // The first is over when its handler has returned too, which its client cannot see.
            do {
                reply = second.post("/", "x".repeat(600)).reply();
            } while (reply.status() == 503);
            assertThat(reply.status()).isEqualTo(200);
        }
    }

    @Test
    void refusesTooManyExchangesAtOnce() throws Exception {
        try (Wire one = wire();
                Wire two = wire();
                Wire three = wire()) {
            one.get("/hold");
            assertThat(holding.await(30, TimeUnit.SECONDS)).isTrue();
            two.send(
                    Wire.lines(
                            "POST / HTTP/1.1",
                            "Host: a",
                            "Content-Length: 5",
                            "Expect: 100-continue"));
            assertThat(two.head()).startsWith("HTTP/1.1 100");
            // A request counts from its head on: a third finds no room.
            Wire.Reply reply = three.get("/").reply();
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.head().toLowerCase(Locale.ROOT)).contains("retry-after");
            assertThat(two.send("12345").reply().status()).isEqualTo(200);
            held.countDown();
            assertThat(one.reply().status()).isEqualTo(200);
        }
    }

    @Test
    void refusesLongUrlsAndLargeHeaders() throws Exception {
        try (Wire wire = wire()) {
            Wire.Reply reply = wire.get("/" + "u".repeat(3000)).reply();
            assertThat(reply.status()).isEqualTo(414);
            assertThat(reply.body()).contains("url_too_long");
        }
        try (Wire wire = wire()) {
            wire.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "h".repeat(5000) + "\r\n\r\n");
            Wire.Reply reply = wire.reply();
            assertThat(reply.status()).isEqualTo(431);
            assertThat(reply.body()).contains("headers_too_large");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x/#@y\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n",
                "POST /1 HTTP/1.1\r\nHost: a\r\nX: 1\r\n\t2\r\nContent-Length: 0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: a\u0001b\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\n\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n" + CHUNKED,
                "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n",
                "\u0016\u0003\u0001 garbage\r\n\r\n"
            })
    void refusesWhatIsNotHttp(String request) throws Exception {
        try (Wire wire = wire()) {
            wire.send(request);
            assertThat(wire.reply().status()).isEqualTo(400);
            assertThat(wire.rest()).doesNotContain("200 OK");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 17, 30})
    void findsAFoldedLineHoweverTheBytesArrive(int cut) throws Exception {
        String request = "POST / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n";
        try (Wire wire = wire()) {
            for (int i = 0; i < request.length(); i += cut) {
                wire.send(request.substring(i, Math.min(request.length(), i + cut)));
            }
            assertThat(wire.reply().status()).isEqualTo(400);
        }
    }

    @Test
    void findsAFoldedLineInALaterRequestToo() throws Exception {
        try (Wire wire = wire()) {
            wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n\n a b");
            assertThat(wire.reply().status()).isEqualTo(200);
            wire.send(
                    Wire.lines("POST / HTTP/1.1", "Host: a", "Content-Length: 2")
                            + "ab"
                            + Wire.lines("GET / HTTP/1.1", "Host: a", "X: 1", " 2"));
            assertThat(wire.reply().status()).isEqualTo(200);
            assertThat(wire.reply().status()).isEqualTo(400);
        }
    }

    @Test
    void closesOnABadChunkSizeWithoutAnAnswerOf200() throws Exception {
        try (Wire wire = wire()) {
            wire.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
            assertThat(wire.rest()).doesNotContain("200 OK");
        }
    }

    @Test
    void acceptsHttp10WithoutHostAndClosesAfterwards() throws Exception {
        try (Wire wire = wire()) {
            wire.send("GET /old HTTP/1.0\r\n\r\n");
            assertThat(wire.rest()).contains(" 200 ").endsWith("GET /old? 0");
        }
    }

    @Test
    void saysContinueOnlyToABodyItWillTake() throws Exception {
        try (Wire wire = wire()) {
            wire.send(
                    Wire.lines(
                            "POST / HTTP/1.1",
                            "Host: a",
                            "Content-Length: 3",
                            "Expect: 100-continue"));
            assertThat(wire.head()).startsWith("HTTP/1.1 100");
            assertThat(wire.send("abc").reply().body()).isEqualTo("POST /? 3");
        }
        try (Wire wire = wire()) {
            wire.send(
                    Wire.lines(
                            "POST / HTTP/1.1",
                            "Host: a",
                            "Content-Length: 3000",
                            "Expect: 100-continue"));
            assertThat(wire.reply().status()).isEqualTo(413);
        }
    }

    @Test
    void honoursConnectionClose() throws Exception {
        try (Wire wire = wire()) {
            wire.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(wire.reply().status()).isEqualTo(200);
            assertThat(wire.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://other/p/q?r,GET /p/q?r 0",
        "http://other,GET /? 0",
        "//double,GET //double? 0",
        "/%2e%2e/%zz,GET /%2e%2e/%zz? 0",
        "/a?b?c,GET /a?b?c 0"
    })
    void handsThePathOverAsSent(String target, String seen) throws Exception {
        try (Wire wire = wire()) {
            wire.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(wire.reply().body()).isEqualTo(seen);
        }
    }

    @Test
    void letsTheOwnerOfAPathWordTheRefusal() throws Exception {
        Refusals own =
                refusal -> (refusal.path() + " " + refusal.code()).getBytes(StandardCharsets.UTF_8);
        try (HttpServer worded = HttpServer.start(settings(), this::answer, own);
                Wire wire = new Wire(worded.port())) {
            wire.send("POST /v1/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n");
            assertThat(wire.reply().body()).isEqualTo("/v1/messages body_too_large");
        }
    }
}
