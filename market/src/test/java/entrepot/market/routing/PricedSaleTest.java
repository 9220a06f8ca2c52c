package entrepot.market.routing;

import static entrepot.market.testing.ScriptedHttp.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.market.Money;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.market.Receipt.Verdict;
import entrepot.market.testing.CollectingCounter;
import entrepot.market.testing.ScriptedHttp;

import org.junit.jupiter.api.Test;

/** What receipts say of prices, and what becomes of orders that have none. */
class PricedSaleTest {

    private static final String MARKET =
            """
            suppliers:
              a: {kind: openai-compatible, base_url: https://a.example/v1, key_env: KEY_A}
            models:
              v/tiered:
                offers:
                  - supplier: a
                    name: tiered
                    prices:
                      - {input: 1, output: 2}
                      - {tier: flex, input: 0.5, output: 1}
              v/nothing:
                offers: [{supplier: a, name: nothing}]
            """;

    private final ScriptedHttp http = new ScriptedHttp();

    @Test
    void r58TheTierThatTheAnswerStatesIsPaid() throws Exception {
        var stall = new Stall(MARKET, http);
        http.answer("a.example", answer("\"flex\""))
                .answer("a.example", answer("\"default\""))
                .answer("a.example", answer("\"priority\""));
        Receipt flex = buy(stall, "v/tiered");
        assertThat(flex.cost()).isEqualTo(Money.of("0.00001", "USD"));
        assertThat(flex.isPriced()).isTrue();
        assertThat(flex.pricing()).isEqualTo(stall.catalogue.prices().version() + " flex");
        assertThat(flex.verdicts()).extracting(Verdict::gate).doesNotContain(Receipt.PRICE);
        assertThat(buy(stall, "v/tiered").cost()).isEqualTo(Money.of("0.00002", "USD"));
        Receipt priority = buy(stall, "v/tiered");
        assertThat(priority.cost()).isNull();
        assertThat(price(priority).reason())
                .isEqualTo("no price is known for the tier 'priority' of v/tiered at a");
    }

    @Test
    void r60AnUnknownPriceIsAnAlertAndNeverZero() throws Exception {
        var stall = new Stall(MARKET, http);
        http.answer("a.example", answer("null"));
        Receipt receipt = buy(stall, "v/nothing");
        assertThat(receipt.outcome()).isEqualTo(Outcome.DELIVERED);
        assertThat(receipt.cost()).isNull();
        assertThat(receipt.isPriced()).isFalse();
        assertThat(price(receipt).reason()).isEqualTo("no price is known for v/nothing at a");
    }

    @Test
    void r60AnUnknownPriceMayBeBilledAtACeilingAndStaysAnAlert() throws Exception {
        var stall = new Stall(MARKET + "unknown_price: {ceiling: 100}\n", http);
        http.answer("a.example", answer("null"));
        Receipt receipt = buy(stall, "v/nothing");
        assertThat(receipt.cost()).isEqualTo(Money.of("0.0015", "USD"));
        assertThat(receipt.isPriced()).isFalse();
        assertThat(price(receipt).reason()).endsWith("; billed at the ceiling");
    }

    @Test
    void r60AnOfferWithoutAPriceMayBeRefused() throws Exception {
        var stall = new Stall(MARKET + "unknown_price: refuse\n", http);
        Failure failure =
                catchThrowableOfType(Failed.class, () -> buy(stall, "v/nothing")).failure();
        assertThat(failure.cause()).isEqualTo(Cause.FORBIDDEN);
        assertThat(failure.message())
                .contains("no price is known for v/nothing at a")
                .contains("give the offer prices");
        assertThat(http.calls()).isEmpty();
        assertThat(stall.ledger.all().getLast().outcome()).isEqualTo(Outcome.REFUSED);
        http.answer("a.example", answer("null"));
        assertThat(buy(stall, "v/tiered").outcome()).isEqualTo(Outcome.DELIVERED);
        assertThat(buy(stall, "entrepot/echo-1").cost())
                .as("what runs in this process is free")
                .isEqualTo(Money.zero("USD"));
    }

    private Receipt buy(Stall stall, String model) throws InterruptedException {
        return stall.broker.buy(stall.order(model), new CollectingCounter());
    }

    private static Verdict price(Receipt receipt) {
        return receipt.verdicts().stream()
                .filter(verdict -> verdict.gate().equals(Receipt.PRICE))
                .findFirst()
                .orElseThrow();
    }

    private static ScriptedHttp.Reply answer(String tier) {
        return json(
                200,
                """
                {"id":"c1","object":"chat.completion","created":1,"model":"x","choices":[{"index":0,
                "message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],
                "service_tier":%s,
                "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}\
                """
                        .formatted(tier));
    }
}
