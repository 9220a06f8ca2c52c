package entrepot.market.routing;

import static entrepot.market.testing.ScriptedHttp.fails;
import static entrepot.market.testing.ScriptedHttp.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.http.CallFailed.Reason;
import entrepot.http.Outgoing;
import entrepot.market.Money;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.market.testing.CollectingCounter;
import entrepot.market.testing.ScriptedHttp;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Which offer is tried when, and which failures end an order. Time stands still unless waited. */
class RoutingTest {

    private static final String TWO =
            """
            suppliers:
              a: {kind: openai-compatible, base_url: https://a.example/v1, key_env: [KEY_A, KEY_B]}
              b: {kind: openai-compatible, base_url: https://b.example/v1, key_env: KEY_B}
              lone: {kind: openai-compatible, base_url: https://lone.example/v1, calls_max: 1}
            models:
              v/m:
                offers:
                  - {supplier: a, name: m-at-a, prices: {input: 1, output: 2}}
                  - {supplier: b, name: m-at-b, prices: {input: 3, output: 4}}
                fallback: entrepot/echo-1
              v/two:
                offers:
                  - {supplier: a, name: two-at-a, prices: {input: 1, output: 2}}
                  - {supplier: b, name: two-at-b}
              v/lone:
                offers: [{supplier: lone, name: lone-1, prices: free}]
            """;

    private final ScriptedHttp http = new ScriptedHttp();
    private final Stall stall = new Stall(TWO, http);
    private final CollectingCounter counter = new CollectingCounter();

    private Receipt buy(String model) throws InterruptedException {
        return stall.broker.buy(stall.order(model), counter);
    }

    private Failure fail(String model) {
        return catchThrowableOfType(Failed.class, () -> buy(model)).failure();
    }

    private List<Outcome> outcomes() {
        return stall.ledger.all().stream().map(Receipt::outcome).toList();
    }

    @Test
    void takesTheFirstOfferAndPricesItExactly() throws Exception {
        http.answer("a.example", answer("hello"));
        Receipt receipt = buy("v/m");
        assertThat(receipt.supplier()).isEqualTo("a");
        assertThat(receipt.cost()).isEqualTo(Money.of("0.00002", "USD"));
        assertThat(counter.text()).isEqualTo("hello");
        assertThat(http.body(0)).contains("\"model\":\"m-at-a\"");
        assertThat(receipt.verdicts())
                .extracting(Receipt.Verdict::reason)
                .contains("offer 1 of 2 for v/m: a sells it as m-at-a");
    }

    @Test
    void buildsHeadersFromNothing() throws Exception {
        // R74: no header of the caller's reaches a supplier; R91: each key with its own calls
        http.answer("a.example", answer("hello"));
        buy("v/m");
        Outgoing call = http.calls().getFirst();
        assertThat(call.uri()).hasToString("https://a.example/v1/chat/completions");
        assertThat(call.headers().get("authorization")).isEqualTo("Bearer sk-aaaaaaaaaa");
        assertThat(call.headers().fields())
                .extracting(field -> field.lowerName())
                .containsExactlyInAnyOrder(
                        "content-type", "accept", "accept-encoding", "authorization");
    }

    @Test
    void failsOverBeforeTheFirstContentAndBuildsEachAttemptFromTheOriginal() throws Exception {
        // R36, R43
        http.answer("a.example", json(503, "{}")).answer("a.example", json(500, "{}"));
        http.answer("b.example", answer("from b"));
        Receipt receipt = buy("v/m");
        assertThat(receipt.supplier()).isEqualTo("b");
        assertThat(receipt.attempt()).isEqualTo(3);
        assertThat(http.body(2)).contains("\"model\":\"m-at-b\"").doesNotContain("m-at-a");
        assertThat(outcomes()).containsExactly(Outcome.FAILED, Outcome.FAILED, Outcome.DELIVERED);
        assertThat(stall.ledger.all().getFirst().cost()).isEqualTo(Money.zero("USD"));
    }

    @Test
    void endsAtTheOneFallbackWhenNoOfferDelivers() throws Exception {
        http.always(_ -> fails(Reason.NOT_CONNECTED));
        Receipt receipt = buy("v/m");
        assertThat(receipt.model()).isEqualTo("entrepot/echo-1");
        assertThat(counter.text()).isEqualTo("hello there");
        assertThat(http.hosts()).containsExactly("a.example", "a.example", "b.example");
    }

    @Test
    void neverTakesABadRequestElsewhere() {
        http.answer(
                "a.example",
                json(
                        400,
                        """
                        {"error":{"message":"bad tool","type":"invalid_request_error",
                        "param":"tools[0]","code":null}}\
                        """));
        Failure failure = fail("v/m");
        assertThat(failure.cause()).isEqualTo(Cause.INVALID_REQUEST);
        assertThat(failure.param()).isEqualTo("tools[0]");
        assertThat(http.hosts()).containsExactly("a.example");
    }

    @Test
    void asksAgainAfterAnExplicitErrorButNotAfterTheRequestWasTaken() {
        // R49: a request that may have been accepted is never sent to the same supplier again
        http.answer("a.example", fails(Reason.FIRST_BYTE_TIMEOUT));
        http.answer("a.example", fails(Reason.BROKEN));
        http.answer("b.example", json(500, "{}")).answer("b.example", fails(Reason.BROKEN));
        Failure failure = fail("v/two");
        assertThat(failure.cause()).isEqualTo(Cause.UNREACHABLE);
        assertThat(http.hosts())
                .containsExactly("a.example", "a.example", "b.example", "b.example");
        Receipt timedOut = stall.ledger.all().getFirst();
        assertThat(timedOut.usage().estimated()).as("it may be billed").isTrue();
        assertThat(timedOut.usage().inputTokens()).isPositive();
    }

    @Test
    void failsOverAtOnceInsteadOfObeyingRetryAfter() throws Exception {
        // R48
        Instant before = stall.clock.instant();
        http.answer("a.example", limited("120")).answer("a.example", limited("120"));
        http.answer("b.example", answer("from b"));
        assertThat(buy("v/m").supplier()).isEqualTo("b");
        assertThat(stall.clock.instant()).isEqualTo(before);
    }

    @Test
    void obeysRetryAfterWhenNothingElseIsLeft() throws Exception {
        // R48, R50
        Instant before = stall.clock.instant();
        http.answer("lone.example", limited("20")).answer("lone.example", answer("at last"));
        buy("v/lone");
        assertThat(counter.text()).isEqualTo("at last");
        assertThat(Duration.between(before, stall.clock.instant())).hasSeconds(20);
    }

    @Test
    void doesNotKeepACallerWaitingForASupplierThatRestsForLong() {
        Instant before = stall.clock.instant();
        http.answer("lone.example", limited("31"));
        Failure failure = fail("v/lone");
        assertThat(failure.cause()).isEqualTo(Cause.SUPPLIER_LIMITED);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(31));
        assertThat(stall.clock.instant()).isEqualTo(before);
    }

    @Test
    void doesNotWaitBeyondTheDeadline() {
        Instant before = stall.clock.instant();
        http.answer("lone.example", limited("301"));
        Failure failure = fail("v/lone");
        assertThat(failure.cause()).isEqualTo(Cause.SUPPLIER_LIMITED);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(301));
        assertThat(stall.clock.instant()).isEqualTo(before);
        Failure next = fail("v/lone");
        assertThat(next.cause()).isEqualTo(Cause.SUPPLIER_LIMITED);
        assertThat(http.calls()).as("a resting supplier is left alone").hasSize(1);
        assertThat(outcomes()).containsExactly(Outcome.FAILED, Outcome.REFUSED);
    }

    @Test
    void turnsToTheNextKeyWhenOneIsRefusedAndSaysSoWhenAllAre() throws Exception {
        // R52
        http.answer("a.example", refused(401)).answer("a.example", answer("second key"));
        buy("v/m");
        assertThat(http.calls().get(1).headers().get("authorization"))
                .isEqualTo("Bearer sk-bbbbbbb");
        http.answer("a.example", refused(403)).answer("a.example", refused(401));
        http.answer("b.example", refused(402));
        Failure failure =
                catchThrowableOfType(
                                Failed.class,
                                () ->
                                        stall.broker.buy(
                                                stall.order("v/two"), new CollectingCounter()))
                        .failure();
        assertThat(failure.cause()).isEqualTo(Cause.SUPPLIER_REFUSED);
        assertThat(failure.message()).doesNotContain("sk-");
        assertThat(http.hosts())
                .as("nobody waits for a refused key")
                .containsExactly("a.example", "a.example", "a.example", "a.example", "b.example");
    }

    @Test
    void restsAfterThreeFailuresInARow() throws Exception {
        // R47
        http.always(call ->
                call.uri().getHost().equals("b.example") ? answer("from b") : json(500, "{}"));
        for (int i = 0; i < 5; i++) {
            stall.broker.buy(stall.order("v/m"), new CollectingCounter());
        }
        assertThat(http.hosts().stream().filter("a.example"::equals)).hasSize(6);
        stall.clock.advance(Duration.ofSeconds(2));
        stall.broker.buy(stall.order("v/m"), new CollectingCounter());
        assertThat(http.hosts().stream().filter("a.example"::equals)).hasSize(8);
        assertThat(stall.broker.suppliers())
                .filteredOn(health -> health.supplier().equals("a"))
                .allSatisfy(health -> assertThat(health.resting()).containsKey("v/m"));
    }

    @Test
    void keepsTheLongerOfTwoRests() {
        // R47: a later, shorter word does not end a rest
        var breaker = new Breaker();
        Instant now = stall.clock.instant();
        breaker.failed(limitedFor(60), now);
        breaker.failed(limitedFor(1), now);
        assertThat(breaker.rest().until()).isEqualTo(now.plusSeconds(60));
        breaker.succeeded();
        assertThat(breaker.rest().until()).isEqualTo(now.plusSeconds(60));
    }

    @Test
    void learnsNothingOfAKeyFromAnother() throws Exception {
        // R91: a new key at the same supplier starts afresh
        http.answer("lone.example", limited("200"));
        fail("v/lone");
        stall.catalogue = stall.read(TWO.replace("calls_max: 1", "calls_max: 1, key_env: KEY_B"));
        http.answer("lone.example", answer("fresh"));
        buy("v/lone");
        assertThat(counter.text()).isEqualTo("fresh");
    }

    @Test
    void refusesWithACodeOfItsOwnWhenASupplierIsFull() throws Exception {
        // R65
        http.always(_ -> new ScriptedHttp.Reply.Silent());
        Thread first =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                stall.broker.buy(stall.order("v/lone"), new CollectingCounter());
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        while (http.calls().isEmpty()) {
            Thread.onSpinWait();
        }
        Failure failure = fail("v/lone");
        assertThat(failure.cause()).isEqualTo(Cause.LIMITED);
        assertThat(failure.code()).isEqualTo("supplier_concurrency");
        first.interrupt();
        first.join();
        assertThat(outcomes()).containsExactlyInAnyOrder(Outcome.REFUSED, Outcome.CANCELLED);
    }

    @Test
    void tellsTheCostOnlyWhenThePriceIsKnown() throws Exception {
        // R60
        http.answer("a.example", json(500, "{}")).answer("a.example", json(500, "{}"));
        http.answer("b.example", answer("no price"));
        Receipt receipt = buy("v/two");
        assertThat(receipt.cost()).isNull();
        assertThat(receipt.usage().totalTokens()).isEqualTo(15);
    }

    @Test
    void keepsOneSnapshotFromBeginningToEnd() throws Exception {
        // R80
        String version = stall.catalogue.version();
        http.always(_ -> {
            stall.catalogue = stall.read("");
            return answer("hello");
        });
        buy("v/m");
        assertThat(counter.deal()).isNotNull();
        assertThat(counter.deal().catalogVersion()).isEqualTo(version);
        assertThat(fail("v/m").cause()).isEqualTo(Cause.MODEL_NOT_FOUND);
    }

    private static Failure limitedFor(long seconds) {
        return new Failure(
                Cause.SUPPLIER_LIMITED, "m", null, null, null, null, Duration.ofSeconds(seconds));
    }

    private static ScriptedHttp.Reply limited(String retryAfter) {
        return json(429, "{\"error\":{\"message\":\"slow down\",\"code\":\"rate_limit\"}}")
                .header("retry-after", retryAfter);
    }

    private static ScriptedHttp.Reply refused(int status) {
        return json(
                status, "{\"error\":{\"message\":\"Incorrect API key provided: sk-aaaaaaaaaa\"}}");
    }

    private static ScriptedHttp.Reply answer(String text) {
        return json(
                200,
                """
                {"id":"c1","object":"chat.completion","created":1,"model":"x","choices":[{"index":0,
                "message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],
                "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}\
                """
                        .formatted(text));
    }
}
