package entrepot.http.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import entrepot.http.CallFailed;
import entrepot.http.CallFailed.Reason;
import entrepot.http.ClientSettings;
import entrepot.http.Clocks;
import entrepot.http.Headers;
import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;

import org.junit.jupiter.api.AfterEach;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Calls as the tests make them, and what comes of them. */
abstract class Calls {

    static final Duration LONG = Duration.ofMinutes(1);
    static final Clocks PATIENT = new Clocks(LONG, LONG, LONG, LONG);
    static final String OK = Wire.lines("HTTP/1.1 200 OK", "Content-Length: 2") + "ok";

    final HttpClient client = HttpClients.open(ClientSettings.DEFAULT);

    @AfterEach
    void stop() {
        client.close();
    }

    static Outgoing get(String url, Clocks clocks) {
        return new Outgoing("GET", URI.create(url), Headers.NONE, new byte[0], clocks);
    }

    static Outgoing post(String url, String body, Clocks clocks) {
        return new Outgoing(
                "POST",
                URI.create(url),
                Headers.of("content-type", "text/plain"),
                body.getBytes(StandardCharsets.UTF_8),
                clocks);
    }

    static String text(Incoming in) throws Exception {
        try (in) {
            return new String(in.all(1 << 20), StandardCharsets.UTF_8);
        }
    }

    static Upstream always(String answer) throws IOException {
        return new Upstream(wire -> {
            while (!wire.head().isEmpty()) {
                wire.send(answer);
            }
        });
    }

    static Reason reason(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        CallFailed failed = catchThrowableOfType(CallFailed.class, call);
        assertThat(failed).as("a failure").isNotNull();
        return failed.reason();
    }
}
