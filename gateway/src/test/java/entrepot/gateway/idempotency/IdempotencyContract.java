package entrepot.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

import entrepot.gateway.KnownKeys;
import entrepot.market.idempotency.KeepLimits;
import entrepot.store.Database;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** R49: one key is one call, through running nodes. */
abstract class IdempotencyContract {

    private static final String CHAT = "/v1/chat/completions";
    private static final String HELLO = ask("hello");
    private static final String STREAM = HELLO.replace("{\"model", "{\"stream\":true,\"model");
    private static final String REPLAYED = "idempotent-replayed";
    private static final KeepLimits USUAL = KeepLimits.DEFAULT;

    private final ScriptedSupplier supplier = ScriptedSupplier.start();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private Database database = unopened();

    /** The database; opened anew, it has what it had. */
    abstract Database open();

    @SuppressWarnings("NullAway") // set before each test
    private static Database unopened() {
        return null;
    }

    @BeforeEach
    void openDatabase() {
        database = open();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        supplier.close();
        database.close();
    }

    private Post node(String name) {
        return node(name, USUAL, IdempotencySettings.DEFAULT);
    }

    private Post node(String name, KeepLimits limits, IdempotencySettings settings) {
        var post = new Post(database, supplier, limits, settings, name);
        opened.add(post);
        return post;
    }

    private static IdempotencySettings unheard(Duration max) {
        var usual = IdempotencySettings.DEFAULT;
        return new IdempotencySettings(
                usual.patience(), Duration.ofMillis(20), max, usual.beat(), 200, 1 << 20, 1 << 10);
    }

    private static String ask(String text) {
        return "{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\""
                + text
                + "\"}]}";
    }

    private static Script words(int count) {
        var words = new String[count];
        for (int i = 0; i < count; i++) {
            words[i] = "word-" + i + " ";
        }
        return ChatScripts.stream(3, count, words);
    }

    private static boolean isReplay(HttpResponse<?> answer) {
        return answer.headers().firstValue(REPLAYED).orElse("").equals("true");
    }

    private List<HttpResponse<String>> atOnce(int count, String body, Post... nodes)
            throws Exception {
        var answers = new ArrayList<Future<HttpResponse<String>>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                Post node = nodes[i % nodes.length];
                answers.add(
                        threads.submit(
                                (Callable<HttpResponse<String>>)
                                        () -> node.post(CHAT, "same", body)));
            }
        }
        var told = new ArrayList<HttpResponse<String>>();
        for (Future<HttpResponse<String>> answer : answers) {
            told.add(answer.get());
        }
        return told;
    }

    @Test
    void fiftyAtOnceAreOneCall() throws Exception {
        supplier.always(ChatScripts.answer("Hi.", 3, 2).pausingMillis(300));
        Post node = node("a");
        List<HttpResponse<String>> answers = atOnce(50, HELLO, node);
        assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
        assertThat(answers).extracting(HttpResponse::body).containsOnly(answers.getFirst().body());
        assertThat(answers.getFirst().body()).contains("Hi.");
        assertThat(answers).filteredOn(IdempotencyContract::isReplay).hasSize(49);
        assertThat(supplier.requests()).hasSize(1);
        assertThat(node.ledger.all()).hasSize(1);
        assertThat(answers)
                .extracting(answer -> answer.headers().firstValue("x-request-id").orElse(""))
                .doesNotHaveDuplicates();
    }

    @Test
    void fiftyStreamsAtOnceAreOneCall() throws Exception {
        supplier.always(words(40).pausingMillis(10));
        Post node = node("a");
        List<HttpResponse<String>> answers = atOnce(50, STREAM, node);
        assertThat(answers).extracting(HttpResponse::body).containsOnly(answers.getFirst().body());
        assertThat(answers.getFirst().body()).contains("word-0 ", "word-39 ", "[DONE]");
        assertThat(answers.getFirst().headers().firstValue("content-type").orElse(""))
                .startsWith("text/event-stream");
        assertThat(answers).filteredOn(IdempotencyContract::isReplay).hasSize(49);
        assertThat(supplier.requests()).hasSize(1);
        assertThat(node.ledger.all()).hasSize(1);
        assertThat(node.post(CHAT, "same", STREAM).body()).isEqualTo(answers.getFirst().body());
    }

    @Test
    void twoNodesMakeOneCall() throws Exception {
        supplier.always(words(20).pausingMillis(20));
        Post one = node("a", USUAL, unheard(Duration.ofMinutes(2)));
        Post two = node("b", USUAL, unheard(Duration.ofMinutes(2)));
        List<HttpResponse<String>> answers = atOnce(20, STREAM, one, two);
        assertThat(answers).extracting(HttpResponse::body).containsOnly(answers.getFirst().body());
        assertThat(answers.getFirst().body()).contains("word-19 ", "[DONE]");
        assertThat(answers).filteredOn(IdempotencyContract::isReplay).hasSize(19);
        assertThat(supplier.requests()).hasSize(1);
        assertThat(one.ledger.all().size() + two.ledger.all().size()).isOne();
    }

    @Test
    void whoLeftHearsAllOfTheSameStream() throws Exception {
        supplier.always(words(30).pausingMillis(30));
        Post node = node("a");
        try (InputStream first = node.open(node.request(CHAT, "k", STREAM).build())) {
            assertThat(new String(first.readNBytes(20), UTF_8)).startsWith("data: ");
        }
        HttpResponse<String> again = node.post(CHAT, "k", STREAM);
        assertThat(again.body()).contains("word-0 ", "word-29 ", "[DONE]");
        assertThat(isReplay(again)).isTrue();
        assertThat(supplier.requests()).hasSize(1);
        assertThat(supplier.aborted()).isZero();
        assertThat(node.ledger.all()).hasSize(1);
    }

    @Test
    void theOfficialClientMayTryAgain() {
        supplier.always(ChatScripts.answer("Hi.", 3, 2));
        Post node = node("a");
        var wanted =
                ChatCompletionCreateParams.builder()
                        .model("small")
                        .addUserMessage("hello")
                        .putAdditionalHeader("Idempotency-Key", "from-the-client")
                        .build();
        OpenAIClient client =
                OpenAIOkHttpClient.builder()
                        .baseUrl(node.url() + "/v1")
                        .apiKey(KnownKeys.ALL)
                        .build();
        String first = client.chat().completions().create(wanted).id();
        assertThat(client.chat().completions().create(wanted).id()).isEqualTo(first);
        var other = wanted.toBuilder().addUserMessage("and more").build();
        assertThatThrownBy(() -> client.chat().completions().create(other))
                .hasMessageContaining("409")
                .hasMessageContaining("was used with another request");
        assertThat(supplier.requests()).hasSize(1);
    }

    @Test
    void anAnswerSurvivesARestart() {
        supplier.always(request ->
                request.text().contains("\"stream\"")
                        ? words(5)
                        : ChatScripts.answer("Hi.", 3, 2).header("x-own", "supplier"));
        String whole;
        String streamed;
        try (var before = new Post(database, supplier, USUAL, unheard(Post.PATIENCE), "a")) {
            whole = before.post(CHAT, "k-1", HELLO).body();
            streamed = before.post(CHAT, "k-2", STREAM).body();
        }
        database.close();
        database = open();
        Post after = node("b");
        HttpResponse<String> again = after.post(CHAT, "k-1", HELLO);
        assertThat(again.body()).isEqualTo(whole);
        assertThat(isReplay(again)).isTrue();
        assertThat(again.headers().firstValue("content-type")).contains("application/json");
        assertThat(again.headers().firstValue("x-entrepot-supplier")).contains("a");
        assertThat(after.post(CHAT, "k-2", STREAM).body()).isEqualTo(streamed);
        assertThat(supplier.requests()).hasSize(2);
        assertThat(after.ledger.all()).isEmpty();
    }

    @Test
    void aCallWhoseRunnerDiedIsRunAnew() throws Exception {
        var brief = new KeepLimits(USUAL.retention(), Duration.ofMillis(1), 1 << 20, 1 << 20);
        supplier.answer(words(3).hang()).always(words(3));
        var dead = new Post(database, supplier, brief, unheard(Post.PATIENCE), "a");
        try (InputStream first = dead.open(dead.request(CHAT, "k", STREAM).build())) {
            assertThat(first.read()).isNotNegative();
            database.close();
            dead.kill();
        }
        database = open();
        HttpResponse<String> again = node("b").post(CHAT, "k", STREAM);
        assertThat(again.body()).contains("word-2 ", "[DONE]");
        assertThat(isReplay(again)).isFalse();
        assertThat(supplier.requests()).hasSize(2);
    }

    @Test
    void anotherBodyUnderTheKeyIsRefused() {
        supplier.always(ChatScripts.answer("Hi.", 3, 2));
        Post node = node("a");
        node.post(CHAT, "k", HELLO);
        HttpResponse<String> other = node.post(CHAT, "k", ask("bye"));
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(other.body()).contains("idempotency_key_reused", "Idempotency-Key");
        assertThat(other.headers().firstValue("x-should-retry")).contains("false");
        assertThat(node.post("/openai/v1/chat/completions", "k", ask("bye")).statusCode())
                .as("another operation")
                .isEqualTo(200);
        assertThat(node.post(CHAT, "K", ask("bye")).statusCode()).isEqualTo(200);
        assertThat(supplier.requests()).hasSize(3);
    }

    @Test
    void aKeyCountsForWhoeverSentIt() {
        supplier.always(ChatScripts.answer("Hi.", 3, 2));
        Post node = node("a");
        for (String secret : List.of(KnownKeys.ALL, KnownKeys.MODELS, KnownKeys.OTHER_TENANT)) {
            var request =
                    node.request(CHAT, "k", ask(secret.substring(0, 6)))
                            .setHeader("authorization", "Bearer " + secret);
            HttpResponse<String> answer = node.send(request.build());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(isReplay(answer)).isFalse();
        }
        assertThat(supplier.requests()).hasSize(3);
    }

    @Test
    void aKeyHasALength() {
        Post node = node("a");
        HttpResponse<String> answer = node.post(CHAT, "k".repeat(256), HELLO);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("255 characters", "256");
        supplier.always(ChatScripts.answer("Hi.", 3, 2));
        assertThat(node.post(CHAT, "k".repeat(255), HELLO).statusCode()).isEqualTo(200);
    }

    @Test
    void whatCostNothingIsRunAnew() {
        supplier.answer(ChatScripts.error(400, "invalid_request_error", "bad", "no"))
                .always(ChatScripts.answer("Hi.", 3, 2));
        Post node = node("a");
        assertThat(node.post(CHAT, "k", HELLO).statusCode()).isEqualTo(400);
        HttpResponse<String> again = node.post(CHAT, "k", HELLO);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(isReplay(again)).isFalse();

        String nowhere = HELLO.replace("small", "no-such-model");
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> refused = node.post(CHAT, "n", nowhere);
            assertThat(refused.statusCode()).isEqualTo(404);
            assertThat(isReplay(refused)).isFalse();
        }
        assertThat(node.ledger.all()).hasSize(4);
    }

    @Test
    void whatMayHaveBeenDoneIsNotDoneAgain() {
        supplier.answer(Script.hangUp()).always(ChatScripts.answer("Hi.", 3, 2));
        Post node = node("a");
        HttpResponse<String> failed = node.post(CHAT, "k", HELLO);
        assertThat(failed.statusCode()).isGreaterThanOrEqualTo(500);
        assertThat(failed.headers().firstValue("x-should-retry")).contains("false");
        HttpResponse<String> again = node.post(CHAT, "k", HELLO);
        assertThat(again.statusCode()).isEqualTo(failed.statusCode());
        assertThat(again.body()).isEqualTo(failed.body());
        assertThat(isReplay(again)).isTrue();
        assertThat(supplier.requests()).hasSize(1);
    }

    @Test
    void aStreamThatBrokeBreaksAgain() {
        supplier.always(words(9).cutAfterBytes(900));
        Post node = node("a");
        String first = broken(node);
        assertThat(broken(node)).isEqualTo(first).contains("word-0 ").doesNotContain("[DONE]");
        assertThat(supplier.requests()).hasSize(1);
        assertThat(node.ledger.all()).hasSize(1);
    }

    private static String broken(Post node) {
        var told = new StringBuilder();
        try (InputStream answer = node.open(node.request(CHAT, "k", STREAM).build())) {
            for (int next = answer.read(); next >= 0; next = answer.read()) {
                told.append((char) next);
            }
        } catch (IOException broken) {
            return told.toString();
        }
        throw new AssertionError("it ended well: " + told);
    }

    @Test
    void anAnswerTooLargeToKeepIsToldOnce() {
        var small = new KeepLimits(USUAL.retention(), USUAL.lease(), 2_000, 1 << 20);
        supplier.always(words(400));
        Post node = node("a", small, unheard(Duration.ofMinutes(2)));
        HttpResponse<String> first = node.post(CHAT, "k", STREAM);
        assertThat(first.body()).contains("word-0 ", "word-399 ", "[DONE]");
        HttpResponse<String> again = node.post(CHAT, "k", STREAM);
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("idempotency_key_spent", "more than is kept");

        supplier.always(ChatScripts.answer("word ".repeat(1_000), 3, 2));
        assertThat(node.post(CHAT, "w", HELLO).statusCode()).isEqualTo(200);
        assertThat(node.post(CHAT, "w", HELLO).statusCode()).isEqualTo(409);
        assertThat(supplier.requests()).hasSize(2);
    }

    @Test
    void whatNobodyListensToIsBrokenOff() throws Exception {
        supplier.always(words(2).hang());
        Post node = node("a", USUAL, unheard(Duration.ofMillis(-1)));
        try (InputStream first = node.open(node.request(CHAT, "k", STREAM).build())) {
            assertThat(first.read()).isNotNegative();
            node.beat(); // somebody listens
        }
        while (supplier.aborted() == 0) {
            node.beat();
            Thread.onSpinWait();
        }
        HttpResponse<String> again = node.post(CHAT, "k", STREAM);
        while (again.statusCode() == 200) { // those who came before its end heard it break off
            again = node.post(CHAT, "k", STREAM);
        }
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("idempotency_key_spent", "nobody listened");
        assertThat(supplier.requests()).hasSize(1);
    }

    @Test
    void anAnswerIsForgottenInTime() {
        supplier.always(ChatScripts.answer("Hi.", 3, 2));
        Post node = node("a", USUAL.withRetention(Duration.ZERO), unheard(Post.PATIENCE));
        for (int i = 1; i <= 3; i++) {
            HttpResponse<String> answer = node.post(CHAT, "k", i == 3 ? ask("new") : HELLO);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(isReplay(answer)).isFalse();
            assertThat(supplier.requests()).hasSize(i);
        }
    }
}
