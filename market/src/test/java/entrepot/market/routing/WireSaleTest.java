package entrepot.market.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Failed;
import entrepot.http.ClientSettings;
import entrepot.http.HttpClient;
import entrepot.http.engine.HttpClients;
import entrepot.market.Order;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.market.testing.CollectingCounter;
import entrepot.protocols.openai.chat.ChatEnvelope;
import entrepot.protocols.openai.chat.ChatRequests;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

/** The whole way over real sockets, with real clocks. */
class WireSaleTest {

    private final ScriptedSupplier a = ScriptedSupplier.start();
    private final ScriptedSupplier b = ScriptedSupplier.start();
    private final HttpClient http = HttpClients.open(ClientSettings.DEFAULT);
    private final CollectingCounter counter = new CollectingCounter();
    private final Stall stall =
            new Stall(
                    """
                    suppliers:
                      a:
                        kind: openai-compatible
                        base_url: %s
                        key_env: KEY_A
                        clocks: {connect: 2s, first_byte: 300ms, idle: 300ms, total: 20s}
                      b: {kind: openai-compatible, base_url: %s, key_env: KEY_B}
                    models:
                      v/m:
                        offers:
                          - {supplier: a, name: m-at-a, prices: {input: 1, output: 2}}
                          - {supplier: b, name: m-at-b, prices: {input: 1, output: 2}}
                    """
                            .formatted(a.baseUrl(), b.baseUrl()),
                    http);

    @AfterEach
    void close() {
        http.close();
        a.close();
        b.close();
    }

    private Order order(boolean stream) {
        String body =
                """
                {"model":"v/m","stream":%s,"messages":[{"role":"user","content":"hi"}]}\
                """
                        .formatted(stream);
        ChatEnvelope envelope = ChatEnvelope.scan(body.getBytes(StandardCharsets.UTF_8));
        return stall.order(
                Stall.ANNA,
                "v/m",
                new Order.Verbatim(ChatRequests.DIALECT, stream, false, envelope::splice),
                null);
    }

    @Test
    void sellsWholeAnswersAndStreams() throws Exception {
        a.answer(ChatScripts.answer("hello", 10, 2)).answer(ChatScripts.stream(10, 2, "hel", "lo"));
        Receipt whole = stall.broker.buy(order(false), counter);
        assertThat(whole.usage().totalTokens()).isEqualTo(12);
        assertThat(counter.body()).contains("\"content\":\"hello\"");
        var streamed = new CollectingCounter();
        Receipt stream = stall.broker.buy(order(true), streamed);
        assertThat(stream.usage().totalTokens()).isEqualTo(12);
        assertThat(streamed.body()).contains("\"content\":\"hel\"").endsWith("data: [DONE]\n\n");
        assertThat(a.last().headers())
                .as("R74: nothing but what we set and what HTTP needs")
                .allMatch(line ->
                        line.matches(
                                "(?i)(host|content-length|content-type|accept"
                                        + "|accept-encoding|authorization): .*"));
        assertThat(a.last().header("authorization")).isEqualTo("Bearer sk-aaaaaaaaaa");
        assertThat(a.last().target()).isEqualTo("/v1/chat/completions");
    }

    @Test
    void goesToTheNextOfferWhenTheFirstByteIsLate() throws Exception {
        // R13: the clock for the first byte is its own
        a.answer(Script.silence());
        b.answer(ChatScripts.answer("from b", 1, 1));
        assertThat(stall.broker.buy(order(false), counter).supplier()).isEqualTo("b");
        a.awaitAborted(1);
        assertThat(stall.ledger.all().getFirst().detail()).startsWith("TIMED_OUT");
    }

    @Test
    void doesNotTakeALongStreamForASilentOne() throws Exception {
        // R13: longer in all than either clock, but never silent for as long as the idle one
        a.answer(ChatScripts.stream(1, 8, "1", "2", "3", "4", "5", "6").pausingMillis(100));
        Receipt receipt = stall.broker.buy(order(true), counter);
        assertThat(receipt.outcome()).isEqualTo(Outcome.DELIVERED);
        assertThat(receipt.supplier()).isEqualTo("a");
    }

    @Test
    void breaksOffAStreamThatFallsSilent() throws Exception {
        // R13, R14: the caller is told; nobody waits for ever
        a.answer(ChatScripts.stream(1, 2, "one").cutAfterBytes(420).hang());
        Receipt receipt = stall.broker.buy(order(true), counter);
        assertThat(receipt.outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(counter.body()).contains("data: {\"error\":").doesNotContain("[DONE]");
    }

    @Test
    void letsTheSupplierGoWhenTheCallerLeaves() throws Exception {
        // R54, R86: before the first byte, too
        a.answer(Script.silence());
        Thread buyer =
                Thread.ofVirtual()
                        .start(() ->
                                assertThatThrownBy(() -> stall.broker.buy(order(true), counter))
                                        .isInstanceOf(InterruptedException.class));
        a.awaitRequests(1);
        buyer.interrupt();
        buyer.join();
        a.awaitAborted(1);
        assertThat(stall.ledger.all().getFirst().outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    void saysWhoCouldNotBeReached() {
        var deserted =
                new Stall(
                        """
                        suppliers:
                          a: {kind: openai-compatible, base_url: "http://127.0.0.1:1/v1"}
                        models:
                          v/m: {offers: [{supplier: a, name: m-at-a, prices: free}]}
                        """,
                        http);
        assertThatThrownBy(() -> deserted.broker.buy(order(false), counter))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("UNREACHABLE");
        assertThat(deserted.ledger.all())
                .hasSizeGreaterThan(1)
                .allSatisfy(row -> assertThat(row.usage().meters()).isEmpty());
    }
}
