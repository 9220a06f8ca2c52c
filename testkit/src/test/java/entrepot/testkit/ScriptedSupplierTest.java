package entrepot.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** The scripted supplier keeps to its script, as the JDK's client sees it. */
class ScriptedSupplierTest {

    private final ScriptedSupplier supplier = ScriptedSupplier.start();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        client.shutdownNow();
        supplier.close();
    }

    @Test
    void answersComeInTheOrderOfTheScriptsAndThenTheStandingOneHolds() throws Exception {
        supplier.answer(ChatScripts.answer("one", 3, 1))
                .answer(ChatScripts.error(429, "rate_limit", "slow", "too many"))
                .always(Script.json(200, "{}"));
        assertThat(post("a").body()).contains("\"content\":\"one\"");
        assertThat(post("b").statusCode()).isEqualTo(429);
        assertThat(post("c").body()).isEqualTo("{}");
        assertThat(post("d").body()).isEqualTo("{}");
    }

    @Test
    void requestsAreKeptAsTheyCame() throws Exception {
        supplier.always(Script.json(200, "{}"));
        try (var socket = connect()) {
            socket.getOutputStream()
                    .write(
                            """
                            POST /v1/a%2Fb?q=%C3%A9 HTTP/1.1\r
                            Host: x\r
                            X-oDD:  two\r
                            Transfer-Encoding: chunked\r
                            Connection: close\r
                            \r
                            3\r
                            abc\r
                            1;x=y\r
                            d\r
                            0\r
                            \r
                            """
                                    .getBytes(StandardCharsets.UTF_8));
            socket.getInputStream().readAllBytes();
        }
        var request = supplier.last();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/v1/a%2Fb?q=%C3%A9");
        assertThat(request.headers()).contains("X-oDD:  two");
        assertThat(request.header("x-odd")).isEqualTo("two");
        assertThat(request.text()).isEqualTo("abcd");
    }

    @Test
    void aStreamArrivesWhole() throws Exception {
        supplier.answer(ChatScripts.stream(5, 2, "Hel", "lo").pausingMillis(1));
        var body = post("x").body();
        assertThat(body).contains("\"content\":\"Hel\"").endsWith("data: [DONE]\n\n");
        supplier.awaitCompleted(1);
        assertThat(supplier.completed()).isEqualTo(1);
    }

    @Test
    void aCutAnswerIsSeenAsBroken() {
        supplier.answer(Script.events("one", "two").cutAfterBytes(14));
        supplier.answer(Script.json(200, "{\"a\":1}").cutAfterBytes(3));
        supplier.answer(Script.hangUp());
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> post("x")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aClientThatLeavesIsNoticedBeforeTheFirstByteAndWithinAStream() throws Exception {
        supplier.answer(Script.silence()).answer(Script.events("one").hang());
        for (int i = 1; i <= 2; i++) {
            try (var socket = connect()) {
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                supplier.awaitRequests(i);
            }
            supplier.awaitAborted(i);
        }
        assertThat(supplier.aborted()).isEqualTo(2);
        assertThat(supplier.completed()).isZero();
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), supplier.port());
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(supplier.baseUrl())
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return client.send(request, BodyHandlers.ofString());
    }
}
