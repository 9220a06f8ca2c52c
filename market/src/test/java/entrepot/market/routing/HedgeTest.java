package entrepot.market.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Failed;
import entrepot.market.Money;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.market.catalog.Hedge;
import entrepot.market.testing.CollectingCounter;
import entrepot.market.testing.ScriptedHttp;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/** A slow supplier gets a rival, at a price that was allowed, and both have their receipts. */
class HedgeTest {

    private static final String ANSWER =
            "{\"id\":\"x\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                    + "\"content\":\"From b\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,"
                    + "\"total_tokens\":5}}";

    private final ScriptedHttp http = new ScriptedHttp();

    @Test
    void theSecondDeliversWhenTheFirstIsSlow() throws Exception {
        http.answer("a.invalid", new ScriptedHttp.Reply.Silent());
        http.answer("b.invalid", ScriptedHttp.json(200, ANSWER));
        var stall = new Stall(yaml("1", "1.5"), http);
        var counter = new CollectingCounter();

        Receipt receipt = stall.broker.buy(stall.order("acme/one"), counter);

        assertThat(receipt.supplier()).isEqualTo("b");
        assertThat(stall.ledger.all())
                .extracting(Receipt::supplier, Receipt::outcome)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("b", Outcome.DELIVERED),
                        org.assertj.core.groups.Tuple.tuple("a", Outcome.CANCELLED));
        assertThat(stall.ledger.all()).extracting(Receipt::attempt).containsOnlyOnce(1, 2);
        assertThat(stall.broker.suppliers()).allMatch(supplier -> supplier.calls() == 0);
    }

    @Test
    void aSecondThatIsTooDearOrOfUnknownPriceIsNotAsked() {
        var hedge = new Hedge(Duration.ofSeconds(1), new BigDecimal("1.5"));

        assertThat(hedge.allows(price("2"), price("3"))).isTrue();
        assertThat(hedge.allows(price("2"), price("3.01"))).isFalse();
        assertThat(hedge.allows(price("2"), null)).isFalse();
        assertThat(hedge.allows(null, price("2"))).isFalse();
    }

    private static Money price(String amount) {
        return Money.of(amount, "USD");
    }

    @Test
    void whenBothFailTheOrderFailsOnceWithBothReceipts() {
        http.always(_ -> ScriptedHttp.json(400, "{\"error\":{\"message\":\"no\"}}"));
        var stall = new Stall(yaml("1", "2"), http);

        assertThatThrownBy(() -> stall.broker.buy(stall.order("acme/one"), new CollectingCounter()))
                .isInstanceOf(Failed.class);

        assertThat(stall.ledger.all()).extracting(Receipt::outcome).containsOnly(Outcome.FAILED);
        assertThat(stall.broker.suppliers()).allMatch(supplier -> supplier.calls() == 0);
    }

    @Test
    void aCallerWhoLeavesEndsBoth() throws Exception {
        http.always(_ -> new ScriptedHttp.Reply.Silent());
        var stall = new Stall(yaml("1", "2"), http);
        var thread =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                stall.broker.buy(stall.order("acme/one"), new CollectingCounter());
                            } catch (InterruptedException expected) {
                                Thread.currentThread().interrupt();
                            }
                        });
        while (http.calls().size() < 2) {
            Thread.onSpinWait();
        }

        thread.interrupt();
        thread.join();

        assertThat(stall.ledger.all())
                .extracting(Receipt::outcome)
                .isEqualTo(List.of(Outcome.CANCELLED, Outcome.CANCELLED));
        assertThat(stall.broker.suppliers()).allMatch(supplier -> supplier.calls() == 0);
    }

    private static String yaml(String priceAtB, String ratio) {
        return """
        suppliers:
          a: {kind: openai-compatible, base_url: "https://a.invalid/v1", key_env: KEY_A}
          b: {kind: openai-compatible, base_url: "https://b.invalid/v1", key_env: KEY_B}
        models:
          acme/one:
            hedge: {after: 20ms, price_ratio_max: %s}
            offers:
              - {supplier: a, name: one, prices: {input: 1, output: 1}}
              - {supplier: b, name: one, prices: {input: %s, output: %s}}
        """
                .formatted(ratio, priceAtB, priceAtB);
    }
}
