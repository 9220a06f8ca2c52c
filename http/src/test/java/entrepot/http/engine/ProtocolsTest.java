package entrepot.http.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.http.BodyWriter;
import entrepot.http.CallFailed;
import entrepot.http.ClientSettings;
import entrepot.http.Clocks;
import entrepot.http.Exchange;
import entrepot.http.Headers;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;
import entrepot.http.ServerSettings;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One port speaks every protocol. The JDK's client and raw frames judge it. */
@Timeout(120)
class ProtocolsTest {

    /** RFC 9113 §3.4, with an empty SETTINGS frame after it. */
    private static final byte[] PREFACE =
            frame("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", new int[] {0, 0, 0, 4, 0, 0, 0, 0, 0});

    private static Certificate certificate;

    @BeforeAll
    static void make(@TempDir Path folder) throws Exception {
        certificate = Certificate.make(folder);
    }

    private static void echo(Exchange exchange) throws InterruptedException {
        if (exchange.path().equals("/stream")) {
            try (BodyWriter out = exchange.open(200, Headers.NONE)) {
                for (int i = 0; i < 5; i++) {
                    out.write(("piece " + i + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
            return;
        }
        exchange.respond(
                200,
                Headers.of("x-host", String.valueOf(exchange.headers().get("host"))),
                "%s %s %s"
                        .formatted(
                                exchange.method(),
                                exchange.path(),
                                new String(exchange.body(), StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] frame(String text, int[] more) {
        byte[] start = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[start.length + more.length];
        System.arraycopy(start, 0, all, 0, start.length);
        for (int i = 0; i < more.length; i++) {
            all[start.length + i] = (byte) more[i];
        }
        return all;
    }

    private static HttpRequest post(String url, String body) {
        return HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(60))
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void speaksEachVersionInTheClearToTheJdksClient(Version version) throws Exception {
        try (var server = HttpServer.start(ServerSettings.loopback(0), ProtocolsTest::echo);
                HttpClient client = HttpClient.newBuilder().version(version).build()) {
            String url = "http://127.0.0.1:" + server.port();
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> answer =
                        client.send(post(url + "/p", "body " + i), BodyHandlers.ofString());
                assertThat(answer.version()).isEqualTo(version);
                assertThat(answer.body()).isEqualTo("POST /p body " + i);
                assertThat(answer.headers().firstValue("x-host"))
                        .hasValue("127.0.0.1:" + server.port());
            }
            assertThat(client.send(post(url + "/stream", ""), BodyHandlers.ofString()).body())
                    .isEqualTo("piece 0\npiece 1\npiece 2\npiece 3\npiece 4\n");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void agreesOnAVersionOverTls(Version version) throws Exception {
        try (var server = HttpServer.start(secure(), ProtocolsTest::echo);
                HttpClient client =
                        HttpClient.newBuilder()
                                .version(version)
                                .sslContext(certificate.trusting())
                                .build()) {
            String url = "https://localhost:" + server.port();
            HttpResponse<String> answer =
                    client.send(post(url + "/p", "secret"), BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.body()).isEqualTo("POST /p secret");
        }
    }

    private static ServerSettings secure() {
        ServerSettings plain = ServerSettings.loopback(0);
        return new ServerSettings(
                plain.host(),
                0,
                plain.urlBytesMax(),
                plain.headerBytesMax(),
                plain.bodyBytesMax(),
                plain.bytesInFlightMax(),
                plain.exchangesMax(),
                plain.writeQueueBytesMax(),
                plain.drain(),
                plain.waits(),
                certificate.files());
    }

    @Test
    void refusesAFoldedLineOverTlsToo() throws Exception {
        try (var server = HttpServer.start(secure(), ProtocolsTest::echo);
                Socket socket =
                        certificate
                                .trusting()
                                .getSocketFactory()
                                .createSocket("localhost", server.port());
                Wire wire = new Wire(socket)) {
            wire.send(Wire.lines("GET / HTTP/1.1", "Host: a", "X: 1", " 2"));
            assertThat(wire.reply().status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void callsOverTlsAndTrustsTheCertificatesItIsGiven(Version version) throws Exception {
        var trusting =
                new ClientSettings(
                        10,
                        version == Version.HTTP_2,
                        List.of(certificate.files().certificate()),
                        address -> address.isLoopbackAddress());
        try (var server = HttpServer.start(secure(), ProtocolsTest::echo);
                var client = HttpClients.open(trusting);
                var suspicious = HttpClients.open(ClientSettings.DEFAULT)) {
            var call =
                    new Outgoing(
                            "POST",
                            URI.create("https://localhost:" + server.port() + "/p"),
                            Headers.NONE,
                            "x".getBytes(StandardCharsets.UTF_8),
                            Clocks.DEFAULT);
            try (Incoming in = client.send(call)) {
                assertThat(in.all(100)).asString().isEqualTo("POST /p x");
            }
            assertThatThrownBy(() -> suspicious.send(call)).isInstanceOf(CallFailed.class);
        }
    }

    @Test
    void speaksHttp2ToAClientThatBeginsWithIt() throws Exception {
        try (var server = HttpServer.start(ServerSettings.loopback(0), ProtocolsTest::echo);
                Wire wire = new Wire(server.port())) {
            wire.send(PREFACE);
            wire.send(getFrame(1, "/prior"));
            assertThat(body(wire)).isEqualTo("GET /prior ");
        }
    }

    @Test
    void knowsHttp2ThoughItsPrefaceComesByteByByte() throws Exception {
        try (var server = HttpServer.start(ServerSettings.loopback(0), ProtocolsTest::echo);
                Wire wire = new Wire(server.port())) {
            for (byte b : PREFACE) {
                wire.send(new byte[] {b});
            }
            wire.send(getFrame(1, "/slow"));
            assertThat(body(wire)).isEqualTo("GET /slow ");
        }
    }

    /** A HEADERS frame that ends its stream, of literals never indexed (RFC 7541 §6.2.3). */
    private static byte[] getFrame(int stream, String path) {
        var block = new java.io.ByteArrayOutputStream();
        block.write(0x82);
        block.write(0x86);
        literal(block, 4, path);
        literal(block, 1, "raw.test");
        byte[] fields = block.toByteArray();
        return frame(
                "\0\0" + (char) fields.length + "\1\5\0\0\0" + (char) stream, unsigned(fields));
    }

    private static void literal(java.io.ByteArrayOutputStream block, int name, String value) {
        block.write(0x10 | name);
        block.write(value.length());
        block.writeBytes(value.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static int[] unsigned(byte[] bytes) {
        int[] all = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            all[i] = bytes[i] & 0xff;
        }
        return all;
    }

    /** The data of stream 1 until its end. */
    private static String body(Wire wire) throws IOException {
        var data = new StringBuilder();
        while (true) {
            byte[] head = wire.read(9).getBytes(StandardCharsets.ISO_8859_1);
            int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
            String payload = wire.read(length);
            if (head[3] == 0) {
                data.append(payload);
            }
            boolean ends = (head[4] & 1) != 0 && head[3] <= 1;
            if (ends) {
                return data.toString();
            }
        }
    }

    @Test
    void aResetStreamInterruptsItsHandlerAndNoOther() throws Exception {
        var started = new CountDownLatch(2);
        var go = new CountDownLatch(1);
        var interrupted = new CompletableFuture<String>();
        try (var server =
                        HttpServer.start(
                                ServerSettings.loopback(0),
                                exchange -> {
                                    started.countDown();
                                    try {
                                        go.await();
                                    } catch (InterruptedException e) {
                                        interrupted.complete(exchange.path());
                                        throw e;
                                    }
                                    echo(exchange);
                                });
                Wire wire = new Wire(server.port())) {
            wire.send(PREFACE);
            wire.send(getFrame(3, "/leaves"));
            wire.send(getFrame(5, "/stays"));
            assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
            wire.send(frame("", new int[] {0, 0, 4, 3, 0, 0, 0, 0, 3, 0, 0, 0, 8}));
            assertThat(interrupted.get(60, TimeUnit.SECONDS)).isEqualTo("/leaves");
            go.countDown();
            assertThat(body(wire)).isEqualTo("GET /stays ");
        }
    }

    @Test
    void refusesABodyTooLargeOverHttp2() throws Exception {
        ServerSettings plain = ServerSettings.loopback(0);
        var small =
                new ServerSettings(
                        plain.host(),
                        0,
                        plain.urlBytesMax(),
                        plain.headerBytesMax(),
                        1000,
                        plain.bytesInFlightMax(),
                        plain.exchangesMax(),
                        plain.writeQueueBytesMax(),
                        plain.drain(),
                        plain.waits(),
                        null);
        try (var server = HttpServer.start(small, ProtocolsTest::echo);
                HttpClient client = HttpClient.newBuilder().version(Version.HTTP_2).build()) {
            String url = "http://127.0.0.1:" + server.port();
            client.send(post(url, "upgrade"), BodyHandlers.ofString());
            HttpResponse<String> answer =
                    client.send(post(url, "x".repeat(1001)), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.body()).contains("body_too_large");
        }
    }

    @Test
    void streamsManyLargeBodiesAtOnceOverOneConnection() throws Exception {
        byte[] large = new byte[3 << 20];
        try (var server =
                        HttpServer.start(
                                ServerSettings.loopback(0),
                                exchange -> exchange.respond(200, Headers.NONE, large));
                HttpClient client = HttpClient.newBuilder().version(Version.HTTP_2).build()) {
            URI uri = URI.create("http://127.0.0.1:" + server.port());
            HttpRequest get = HttpRequest.newBuilder(uri).build();
            client.send(get, BodyHandlers.discarding());
            var answers = new ArrayList<CompletableFuture<HttpResponse<byte[]>>>();
            for (int i = 0; i < 20; i++) {
                answers.add(client.sendAsync(get, BodyHandlers.ofByteArray()));
            }
            for (var answer : answers) {
                HttpResponse<byte[]> response = answer.get(60, TimeUnit.SECONDS);
                assertThat(response.version()).isEqualTo(Version.HTTP_2);
                assertThat(response.body()).hasSize(large.length);
            }
        }
    }
}
