package entrepot.gateway.storefronts;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.gateway.EventReader;
import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier.Received;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What users of other gateways reported, tried on this one as it runs: docs/regressions.md. */
class RegressionsTest {

    private static final String HELLO =
            "{\"model\":\"small\", \"messages\" : [{\"role\":\"user\",\"content\":\"hello\"}]";

    private final Stall stall = new Stall();
    private final Served served = stall.served;

    @AfterEach
    void close() {
        stall.close();
    }

    /** R01, R03: what was refused is forgotten, however much of it there was. */
    @Test
    void refusedRequestsLeaveNothingInMemory() {
        String pad = "x".repeat(60_000);
        refuse(pad, 60);
        long before = liveBytes();
        refuse(pad, 600);
        assertThat(liveBytes() - before)
                .as("live heap after 36 MB of requests, each of its own and refused")
                .isLessThan(12_000_000);
    }

    private void refuse(String pad, int count) {
        for (int i = 0; i < count; i++) {
            String own = i + pad + Math.floorMod(i * 31, 97);
            String body =
                    i % 2 == 0
                            ? HELLO.replace("small", "no-model-" + i) + ",\"user\":\"" + own + "\"}"
                            : HELLO.replace("hello", own) + ",\"temperature\":\"hot\"";
            assertThat(served.post("/v1/chat/completions", body).statusCode()).isBetween(400, 499);
        }
    }

    private static long liveBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least =
                    Math.min(
                            least,
                            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    /** R02: a chunk of a stream starts no thread. */
    @Test
    void aLongStreamStartsNoThreads() {
        var pieces = new String[800];
        java.util.Arrays.fill(pieces, "word ");
        Script stream = ChatScripts.stream(10, 800, pieces);
        stall.a.answer(ChatScripts.stream(10, 2, "warm")).answer(stream);
        assertThat(frames(HELLO)).hasSizeGreaterThan(2);
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getTotalStartedThreadCount();
        assertThat(frames(HELLO)).hasSizeGreaterThan(800);
        assertThat(threads.getTotalStartedThreadCount() - before).isLessThan(100);
    }

    /** R06: a large picture is sent on as it came, with nothing written anew but the model. */
    @Test
    void aLargePictureIsNotWrittenAnew() {
        stall.a.always(ChatScripts.answer("A cat.", 10, 2));
        String picture = Base64.getEncoder().encodeToString(new byte[3 << 20]);
        String body =
                "{ \"model\" : \"small\" ,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":"
                        + "\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,"
                        + picture
                        + "\"}} ] }],\"temperature\":1.10,\"x\":1e2 }";
        assertThat(served.post("/v1/chat/completions", body).statusCode()).isEqualTo(200);
        assertThat(stall.a.last().text()).isEqualTo(body.replace("\"small\"", "\"one-at-a\""));
    }

    /** R09: clients that leave take nothing with them that others still read. */
    @Test
    void clientsThatLeaveSpoilNobodysStream() throws Exception {
        stall.a.always(RegressionsTest::ownWords);
        var streams = new ArrayList<Future<Boolean>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 24; i++) {
                String own = "own-" + i + "-";
                boolean leaves = i % 2 == 0;
                streams.add(threads.submit((Callable<Boolean>) () -> isWhole(own, leaves)));
            }
        }
        for (Future<Boolean> stream : streams) {
            assertThat(stream.get()).isTrue();
        }
    }

    private boolean isWhole(String own, boolean leaves) {
        try (EventReader stream = open(HELLO.replace("hello", own))) {
            for (int i = 0; i < 3; i++) {
                stream.next();
            }
            return leaves
                    || stream.rest().stream()
                                    .filter(frame -> frame.data().contains("own-"))
                                    .filter(frame -> frame.data().contains(own))
                                    .count()
                            >= 60;
        }
    }

    /** Words of the request's own, slowly. */
    private static Script ownWords(Received request) {
        String text = request.text();
        String own =
                text.substring(text.indexOf("own-"), text.indexOf("\"}", text.indexOf("own-")));
        var pieces = new String[64];
        java.util.Arrays.fill(pieces, own);
        return ChatScripts.stream(10, 64, pieces).pausingMillis(1);
    }

    /** R73: nothing that is kept of a call holds a credential. */
    @Test
    void nothingThatIsKeptHoldsACredential() {
        stall.a.answer(ChatScripts.answer("Hi", 1, 1));
        stall.a.answer(ChatScripts.error(401, "invalid", "bad", "wrong key sk-aaaaaaaaaa"));
        stall.b.answer(ChatScripts.error(400, "invalid", "bad", "wrong key sk-bbbbbbbbbb"));
        served.post("/v1/chat/completions", HELLO + "}");
        HttpResponse<String> refused = served.post("/v1/chat/completions", HELLO + "}");
        String kept = stall.ledger.all() + refused.body() + refused.headers().map();
        assertThat(stall.ledger.all()).hasSizeGreaterThan(1);
        assertThat(kept).doesNotContain(KnownKeys.ALL, "sk-aaaaaaaaaa", "sk-bbbbbbbbbb");
    }

    /** R85: a chunk is with the client while the supplier has not thought of the next one. */
    @Test
    void aChunkWaitsForNoOther() {
        String chunk = "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"}}]}";
        stall.a.answer(Script.stream().send("data: " + chunk + "\n\n").hang());
        try (EventReader stream = open(HELLO)) {
            assertThat(stream.next())
                    .isNotNull()
                    .satisfies(f -> assertThat(f.data()).isEqualTo(chunk));
            assertThat(stall.a.completed()).isZero();
        }
    }

    /** R86: the supplier is let go when the client leaves, in the middle of a slow stream. */
    @Test
    void aSupplierIsLetGoWithItsClient() throws Exception {
        stall.a.answer(ChatScripts.stream(10, 3, "a", "b", "c").pausingMillis(300).hang());
        EventReader stream = open(HELLO);
        assertThat(stream.next()).isNotNull();
        stream.close();
        stall.a.awaitAborted(1);
    }

    /** Client resets of HTTP/2 under load let the suppliers go, and disturb nobody else. */
    @Test
    void resetsUnderLoadDisturbNobody() throws Exception {
        stall.a.always(Script.silence());
        int resets = 0;
        try (HttpClient http2 =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            var models = served.request("GET", "/v1/models", "").build();
            var first = http2.send(models, HttpResponse.BodyHandlers.ofString());
            assertThat(first.version()).isEqualTo(HttpClient.Version.HTTP_2);
            for (int round = 0; round < 5; round++) {
                var calls = new ArrayList<CompletableFuture<HttpResponse<String>>>();
                int before = stall.a.requests().size();
                for (int i = 0; i < 20; i++) {
                    calls.add(
                            http2.sendAsync(
                                    served.request("POST", "/v1/chat/completions", HELLO + "}")
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString(UTF_8)));
                }
                stall.a.awaitRequests(before + 20);
                calls.forEach(call -> call.cancel(true));
                resets += calls.size();
                stall.a.awaitAborted(resets);
            }
            stall.a.always(ChatScripts.answer("Hi", 1, 1));
            assertThat(served.post("/v1/chat/completions", HELLO + "}").statusCode())
                    .isEqualTo(200);
        }
        assertThat(resets).isEqualTo(100);
    }

    private EventReader open(String body) {
        return served.stream(
                served.request("POST", "/v1/chat/completions", body + ",\"stream\":true}").build());
    }

    private List<EventReader.Frame> frames(String body) {
        try (EventReader stream = open(body)) {
            return stream.rest();
        }
    }
}
