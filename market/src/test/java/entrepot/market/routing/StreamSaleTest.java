package entrepot.market.routing;

import static entrepot.market.testing.ScriptedHttp.fails;
import static entrepot.market.testing.ScriptedHttp.json;
import static entrepot.market.testing.ScriptedHttp.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import entrepot.conversation.Event;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Request;
import entrepot.conversation.Usage.Meter;
import entrepot.http.CallFailed.Reason;
import entrepot.market.Money;
import entrepot.market.Order;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.market.testing.CollectingCounter;
import entrepot.market.testing.ScriptedHttp;
import entrepot.market.testing.ScriptedHttp.Reply;
import entrepot.protocols.openai.chat.ChatEnvelope;
import entrepot.protocols.openai.chat.ChatRequests;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Answers that pass as bytes, and answers that come in another form than was asked for. */
class StreamSaleTest {

    private static final String TWO =
            """
            suppliers:
              a: {kind: openai-compatible, base_url: https://a.example/v1, key_env: KEY_A}
              b: {kind: openai-compatible, base_url: https://b.example/v1, key_env: KEY_B}
            models:
              v/m:
                offers:
                  - {supplier: a, name: m-at-a, prices: {input: 1, output: 2}}
                  - {supplier: b, name: m-at-b, prices: {input: 1, output: 2}}
            """;

    private static final String ROLE = chunk("{\"role\":\"assistant\",\"content\":\"\"}", null);
    private static final String HEL = chunk("{\"content\":\"Hel\"}", null);
    private static final String LO = chunk("{\"content\":\"lo\"}", null);
    private static final String STOP = chunk("{}", "stop");
    private static final String USAGE =
            "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"x\","
                    + "\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2,"
                    + "\"total_tokens\":12}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final String ERROR =
            "data: {\"error\":{\"message\":\"no capacity\",\"type\":\"overloaded_error\"}}\n\n";
    private static final String WHOLE =
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"x\","
                    + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                    + "\"content\":\"Hello\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2,"
                    + "\"total_tokens\":12}, \"odd\" : 1e2 }";

    private final ScriptedHttp http = new ScriptedHttp();
    private final Stall stall = new Stall(TWO, http);
    private final CollectingCounter counter = new CollectingCounter();

    private Order verbatim(boolean stream, boolean usageAsked) {
        String body =
                "{\"model\":\"v/m\",\"stream\":%s,\"stream_options\":{\"include_usage\":%s},"
                                .formatted(stream, usageAsked)
                        + " \"messages\":[{\"role\":\"user\",\"content\":\"hello there\"}]}";
        ChatEnvelope envelope = ChatEnvelope.scan(body.getBytes(StandardCharsets.UTF_8));
        return stall.order(
                Stall.ANNA,
                "v/m",
                new Order.Verbatim(ChatRequests.DIALECT, stream, usageAsked, envelope::splice),
                null);
    }

    private Order canonical(boolean stream) {
        Order plain = stall.order("v/m");
        return new Order(
                plain.id(),
                plain.caller(),
                plain.model(),
                plain.api(),
                plain.storefront(),
                plain.deadline(),
                () ->
                        Request.of("v/m", List.of(Message.text(Role.USER, "hello there")))
                                .withStream(stream),
                null,
                null,
                Order.Losses.REFUSE);
    }

    private Receipt only() {
        assertThat(stall.ledger.all()).hasSize(1);
        return stall.ledger.all().getFirst();
    }

    @Test
    void passesAStreamOnByteForByteAndBillsTheUsage() throws Exception {
        http.answer("a.example", stream(ROLE, HEL, LO, STOP, USAGE, DONE));
        Receipt receipt = stall.broker.buy(verbatim(true, true), counter);
        assertThat(counter.body()).isEqualTo(ROLE + HEL + LO + STOP + USAGE + DONE);
        assertThat(receipt.outcome()).isEqualTo(Outcome.DELIVERED);
        assertThat(receipt.usage().of(Meter.FRESH_INPUT)).isEqualTo(10);
        assertThat(receipt.usage().estimated()).isFalse();
        assertThat(receipt.cost()).isEqualTo(Money.of("0.000014", "USD"));
        assertThat(http.body(0)).contains("\"model\":\"m-at-a\"", "hello there");
        assertThat(http.allLetGo()).isTrue();
    }

    @Test
    void asksForUsageAndHidesItFromACallerWhoDidNot() throws Exception {
        // R24
        http.answer("a.example", stream(ROLE, HEL, STOP, USAGE, DONE));
        Receipt receipt = stall.broker.buy(verbatim(true, false), counter);
        assertThat(http.body(0)).contains("\"include_usage\":true");
        assertThat(counter.body()).isEqualTo(ROLE + HEL + STOP + DONE);
        assertThat(receipt.usage().totalTokens()).isEqualTo(12);
    }

    @Test
    void passesAWholeAnswerOnByteForByte() throws Exception {
        http.answer("a.example", json(200, WHOLE));
        Receipt receipt = stall.broker.buy(verbatim(false, false), counter);
        assertThat(counter.body()).isEqualTo(WHOLE);
        assertThat(counter.status()).isEqualTo(200);
        assertThat(receipt.outcome()).isEqualTo(Outcome.DELIVERED);
        assertThat(receipt.usage().totalTokens()).isEqualTo(12);
    }

    @Test
    void failsOverWhileOnlyTheFrameOfAnAnswerHasCome() throws Exception {
        // R44, R45: an error after the first lifecycle event is still before the first content
        http.answer("a.example", stream(ROLE, ERROR));
        http.answer("b.example", stream(ROLE, HEL, LO, STOP, USAGE, DONE));
        Receipt receipt = stall.broker.buy(verbatim(true, true), counter);
        assertThat(receipt.supplier()).isEqualTo("b");
        assertThat(counter.body()).isEqualTo(ROLE + HEL + LO + STOP + USAGE + DONE);
        assertThat(stall.ledger.all().getFirst().detail()).startsWith("SUPPLIER_OVERLOADED");
        assertThat(http.allLetGo()).isTrue();
    }

    @Test
    void failsOverWhenAStreamEndsBeforeItBegins() throws Exception {
        // R20
        http.answer("a.example", stream()).answer("b.example", stream(HEL, STOP, DONE));
        assertThat(stall.broker.buy(verbatim(true, true), counter).supplier()).isEqualTo("b");
    }

    @Test
    void neverSplicesAnotherAnswerAfterTheFirstContent() throws Exception {
        // R44, R21: what came is forwarded, the caller can tell, and nobody else is asked
        http.answer("a.example", stream(ROLE, HEL).breaking(Reason.BROKEN));
        Receipt receipt = stall.broker.buy(verbatim(true, true), counter);
        assertThat(receipt.outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(counter.body()).startsWith(ROLE + HEL + "\n\ndata: {\"error\":");
        assertThat(counter.body()).doesNotContain("[DONE]");
        assertThat(http.hosts()).containsExactly("a.example");
        assertThat(receipt.usage().estimated()).isTrue();
        assertThat(receipt.usage().of(Meter.OUTPUT)).isEqualTo(1);
        assertThat(receipt.usage().of(Meter.FRESH_INPUT)).isEqualTo(3);
    }

    @Test
    void tellsWhenAStreamEndsWellOnTheWireButNotInItsDialect() throws Exception {
        http.answer("a.example", stream(ROLE, HEL));
        Receipt receipt = stall.broker.buy(verbatim(true, true), counter);
        assertThat(receipt.outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(counter.body()).startsWith(ROLE + HEL + "\n\ndata: {\"error\":");
        assertThat(counter.body()).doesNotContain("[DONE]");
    }

    @Test
    void billsAStreamWhoseCallerLeft() throws Exception {
        // R53, R54, R64: one row, an estimate that says so, and the supplier is let go
        http.answer("a.example", stream(ROLE, HEL, LO, STOP, USAGE, DONE).hanging());
        Receipt receipt =
                stall.broker.buy(verbatim(true, true), new CollectingCounter().leavingAfter(2));
        assertThat(receipt.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(receipt.usage().estimated()).isTrue();
        assertThat(receipt.usage().of(Meter.OUTPUT)).isEqualTo(2);
        assertThat(receipt.cost()).isEqualTo(Money.of("0.000007", "USD"));
        assertThat(only()).isEqualTo(receipt);
        assertThat(http.allLetGo()).isTrue();
    }

    @Test
    void r53ReadsOnAStreamWhoseCallerHasLeftWhereTheOperatorWantsItsUsage() throws Exception {
        var drained = new Stall(TWO.replace("KEY_A}", "KEY_A, on_cancel: drain}"), http);
        http.answer("a.example", stream(ROLE, HEL, LO, STOP, USAGE, DONE));
        Receipt receipt =
                drained.broker.buy(verbatim(true, true), new CollectingCounter().leavingAfter(2));
        assertThat(receipt.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(receipt.usage().estimated()).isFalse();
        assertThat(receipt.usage().totalTokens()).isEqualTo(12);
        assertThat(drained.ledger.all()).containsExactly(receipt);
        assertThat(http.allLetGo()).isTrue();
    }

    @Test
    void r53EstimatesWhereTheDrainedStreamBreaksToo() throws Exception {
        var drained = new Stall(TWO.replace("KEY_A}", "KEY_A, on_cancel: drain}"), http);
        http.answer("a.example", stream(ROLE, HEL, LO).breaking(Reason.BROKEN));
        Receipt receipt =
                drained.broker.buy(verbatim(true, true), new CollectingCounter().leavingAfter(2));
        assertThat(receipt.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(receipt.usage().estimated()).isTrue();
        assertThat(receipt.usage().of(Meter.OUTPUT)).isEqualTo(2);
    }

    @Test
    void r53ReadsOnAStreamThatIsToldAsEventsToo() {
        var drained = new Stall(TWO.replace("KEY_A}", "KEY_A, on_cancel: drain}"), http);
        http.answer("a.example", stream(ROLE, HEL, LO, STOP, USAGE, DONE));
        assertThatThrownBy(() ->
                        drained.broker.buy(
                                drained.order("v/m"), new CollectingCounter().leavingAfter(2)))
                .isInstanceOf(InterruptedException.class);
        assertThat(drained.ledger.all())
                .singleElement()
                .satisfies(receipt -> {
                    assertThat(receipt.outcome()).isEqualTo(Outcome.CANCELLED);
                    assertThat(receipt.usage().estimated()).isFalse();
                    assertThat(receipt.usage().totalTokens()).isEqualTo(12);
                });
    }

    @Test
    void countsAnAnswerAsDeliveredWhenTheCallerLeavesAfterItsEnd() throws Exception {
        // R23: the dialect's terminal event ends an answer, not the connection
        http.answer("a.example", stream(HEL, STOP, USAGE, DONE).hanging());
        Receipt receipt =
                stall.broker.buy(verbatim(true, true), new CollectingCounter().leavingAfter(4));
        assertThat(receipt.outcome()).isEqualTo(Outcome.DELIVERED);
        assertThat(receipt.usage().totalTokens()).isEqualTo(12);
    }

    @Test
    void billsACallWhoseCallerLeftBeforeTheFirstByte() throws Exception {
        http.answer("a.example", new Reply.Silent());
        Thread buyer =
                Thread.ofVirtual()
                        .start(() ->
                                assertThatThrownBy(() ->
                                                stall.broker.buy(verbatim(true, true), counter))
                                        .isInstanceOf(InterruptedException.class));
        while (http.calls().isEmpty()) {
            Thread.onSpinWait();
        }
        buyer.interrupt();
        buyer.join();
        assertThat(only().outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(only().usage().of(Meter.FRESH_INPUT)).isEqualTo(3);
        assertThat(counter.deal()).isNull();
    }

    @Test
    void countsNoErrorTextAsOutput() throws Exception {
        // R55
        http.answer("a.example", stream(HEL, ERROR));
        Receipt receipt = stall.broker.buy(verbatim(true, true), counter);
        assertThat(receipt.outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(receipt.usage().of(Meter.OUTPUT)).isEqualTo(1);
        assertThat(counter.body()).isEqualTo(HEL + ERROR);
    }

    @Test
    void takesAWholeAnswerWhereAStreamWasAskedFor() throws Exception {
        http.answer("a.example", json(200, WHOLE));
        Receipt receipt = stall.broker.buy(verbatim(true, false), counter);
        assertThat(receipt.outcome()).isEqualTo(Outcome.DELIVERED);
        assertThat(counter.text()).isEqualTo("Hello");
        assertThat(receipt.usage().totalTokens()).isEqualTo(12);
    }

    @Test
    void takesAStreamWhereAWholeAnswerWasAskedFor() throws Exception {
        http.answer("a.example", stream(ROLE, HEL, LO, STOP, USAGE, DONE));
        Receipt receipt = stall.broker.buy(verbatim(false, false), counter);
        assertThat(counter.text()).isEqualTo("Hello");
        assertThat(receipt.usage().totalTokens()).isEqualTo(12);
    }

    @Test
    void readsAStreamAsEventsForWhoSpeaksAnotherDialect() throws Exception {
        http.answer("a.example", stream(ROLE, HEL, LO, STOP, USAGE, DONE).hanging());
        Receipt receipt = stall.broker.buy(canonical(true), counter);
        assertThat(counter.text()).isEqualTo("Hello");
        assertThat(http.body(0)).contains("\"include_usage\":true", "\"stream\":true");
        assertThat(receipt.outcome()).isEqualTo(Outcome.DELIVERED);
        assertThat(receipt.usage().totalTokens()).isEqualTo(12);
    }

    @Test
    void breaksOffEventsWhenTheStreamDoes() throws Exception {
        http.answer("a.example", stream(ROLE, HEL).breaking(Reason.IDLE_TIMEOUT));
        Receipt receipt = stall.broker.buy(canonical(true), counter);
        assertThat(receipt.outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(counter.events().getLast())
                .isInstanceOfSatisfying(
                        Event.Failed.class,
                        failed -> assertThat(failed.failure().cause()).isEqualTo(Cause.TIMED_OUT));
    }

    @Test
    void letsTheSuppliersOwnWordsThroughWhenTheCallerIsAtFault() throws Exception {
        String error =
                "{\"error\":{\"message\":\"bad tool\",\"type\":\"invalid_request_error\","
                        + "\"param\":\"tools[0]\",\"code\":null,\"hint\":\"sk-aaaaaaaaaa\"}}";
        http.answer("a.example", json(400, error));
        Receipt receipt = stall.broker.buy(verbatim(true, true), counter);
        assertThat(counter.status()).isEqualTo(400);
        assertThat(counter.body()).isEqualTo(error.replace("sk-aaaaaaaaaa", "***"));
        assertThat(receipt.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(receipt.cost()).isEqualTo(Money.zero("USD"));
        assertThat(http.hosts()).containsExactly("a.example");
    }

    @Test
    void showsNoSecretWhereverItIsEchoed() {
        // R72
        for (String host : List.of("a.example", "b.example")) {
            http.answer(
                    host,
                    json(
                            401,
                            "{\"error\":{\"message\":\"bad key: sk-aaaaaaaaaa / sk-bbbbbbb\","
                                    + "\"code\":\"sk-aaaaaaaaaa\"}}"));
        }
        Failure failure =
                catchThrowableOfType(
                                Failed.class, () -> stall.broker.buy(verbatim(true, true), counter))
                        .failure();
        assertThat(failure.cause()).isEqualTo(Cause.SUPPLIER_REFUSED);
        assertThat(failure + stall.ledger.all().toString() + stall.broker.suppliers())
                .doesNotContain("sk-aaa", "sk-bbb");
    }

    @Test
    void failsOverOnAnswersThatAreNone() throws Exception {
        http.answer("a.example", json(200, "<html>"));
        http.answer("b.example", json(200, "{\"error\":{\"message\":\"at capacity\"}}"));
        Failure failure =
                catchThrowableOfType(
                                Failed.class,
                                () -> stall.broker.buy(verbatim(false, false), counter))
                        .failure();
        assertThat(failure.cause()).isEqualTo(Cause.SUPPLIER_FAILED);
        assertThat(http.hosts()).containsExactly("a.example", "b.example");
    }

    @Test
    void saysThatABaseUrlIsWrongWhenASupplierRedirects() {
        http.always(_ -> json(308, "{}").header("location", "https://elsewhere.example"));
        Failure failure =
                catchThrowableOfType(
                                Failed.class,
                                () -> stall.broker.buy(verbatim(false, false), counter))
                        .failure();
        assertThat(failure.message()).contains("base_url");
    }

    @Test
    void estimatesNothingForACallThatNeverLeft() {
        http.always(_ -> fails(Reason.NOT_CONNECTED));
        assertThatThrownBy(() -> stall.broker.buy(verbatim(true, true), counter))
                .isInstanceOf(Failed.class);
        assertThat(stall.ledger.all())
                .hasSize(6)
                .allSatisfy(row -> assertThat(row.usage().meters()).isEmpty());
    }

    private static String chunk(String delta, @Nullable String reason) {
        return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,"
                + "\"model\":\"x\",\"choices\":[{\"index\":0,\"delta\":"
                + delta
                + ",\"finish_reason\":"
                + (reason == null ? "null" : "\"" + reason + "\"")
                + "}]}\n\n";
    }
}
