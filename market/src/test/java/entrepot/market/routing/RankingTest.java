package entrepot.market.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.http.HttpClient;
import entrepot.market.Explanation;
import entrepot.market.Explanation.Way;
import entrepot.market.Inquiry;
import entrepot.market.Order;
import entrepot.market.Receipt.Outcome;
import entrepot.market.Receipt.Verdict;
import entrepot.market.Wishes;
import entrepot.market.Wishes.MaxPrice;
import entrepot.market.Wishes.Sort;
import entrepot.market.gates.OfferGate;
import entrepot.market.gates.Question;
import entrepot.market.testing.CollectingCounter;
import entrepot.market.testing.ScriptedHttp;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.util.List;

/** Gates remove offers with their reason, and wishes rank what is left. */
class RankingTest {

    private static final String YAML =
            """
            suppliers:
              azure-eu: {kind: azure, base_url: "https://a.invalid", key_env: KEY_A,
                         territory: EU, data: retained}
              aws: {kind: bedrock, region: us-east-1, key_env: KEY_B, data: zero-retention}
              direct: {kind: openai-compatible, base_url: "https://api.openai.com/v1"}
            models:
              openai/gpt-5:
                offers:
                  - {supplier: azure-eu, name: five, prices: {input: 3, output: 12}}
                  - {supplier: aws, name: openai.gpt-5, prices: {input: 2, output: 9}}
                  - {supplier: direct, name: gpt-5, prices: unknown}
            """;

    private static final Wishes NONE = Wishes.NONE;

    private final HttpClient http = new ScriptedHttp();

    @Test
    void gatesTellWhyAnOfferIsOut() {
        var stall = new Stall(YAML, http, List.of(only("azure")));

        Explanation explained = explain(stall, NONE);

        assertThat(explained.allowed()).isTrue();
        assertThat(explained.ways())
                .extracting(Way::supplier, Way::channel, Way::place)
                .containsExactly(
                        tuple("azure-eu", "azure", 1),
                        tuple("aws", "bedrock", 0),
                        tuple("direct", "openai", 0));
        assertThat(explained.ways().get(1).verdicts().getFirst().text())
                .isEqualTo("bedrock may not carry it (house rule 1): use azure");
        assertThat(explained.verdicts()).extracting(Verdict::gate).contains("key", "ledger");
    }

    @Test
    void anOrderThatNoOfferMayFillIsRefusedWithReasonSourceAndRemedy() {
        var stall = new Stall(YAML, http, List.of(only("nobody")));

        assertThatThrownBy(() ->
                        stall.broker.buy(stall.order("openai/gpt-5"), new CollectingCounter()))
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> {
                            Failure failure = failed.failure();
                            assertThat(failure.cause()).isEqualTo(Failure.Cause.FORBIDDEN);
                            assertThat(failure.code()).isEqualTo("contract_refused");
                            assertThat(failure.message())
                                    .contains("azure-eu: azure may not carry it")
                                    .contains("(house rule 1)")
                                    .contains("use nobody");
                        });
        assertThat(stall.ledger.all())
                .singleElement()
                .satisfies(receipt -> {
                    assertThat(receipt.outcome()).isEqualTo(Outcome.REFUSED);
                    assertThat(receipt.verdicts().getLast().source()).isEqualTo("house rule 1");
                });
    }

    @Test
    void wishesRankAndRemove() {
        assertThat(open(wish().withOrder("bedrock"))).containsExactly("aws", "azure-eu", "direct");
        assertThat(open(wish().withOnly("direct", "aws"))).containsExactly("aws", "direct");
        assertThat(open(wish().withIgnore("azure"))).containsExactly("aws", "direct");
        assertThat(open(wish().withSort(Sort.PRICE))).containsExactly("aws", "azure-eu", "direct");
        assertThat(open(wish().withMaxPrice("2.5", null))).containsExactly("aws");
        assertThat(open(wish().withMaxPrice(null, "12"))).containsExactly("azure-eu", "aws");
        assertThat(open(wish().withoutCollection())).containsExactly("azure-eu", "aws");
        assertThat(open(wish().withoutRetention())).containsExactly("aws");
        assertThat(open(wish().withoutFallbacks())).containsExactly("azure-eu");
    }

    @Test
    void anOfferThatWishesRemoveSaysSo() {
        Explanation explained = explain(new Stall(YAML, http), wish().withOnly("aws").wishes());

        assertThat(explained.ways().getLast().verdicts())
                .extracting(Verdict::reason)
                .contains("only aws may be used");
    }

    private List<String> open(Wish wish) {
        return explain(new Stall(YAML, http), wish.wishes()).ways().stream()
                .filter(Way::allowed)
                .map(Way::supplier)
                .toList();
    }

    private static Explanation explain(Stall stall, Wishes wishes) {
        return stall.broker.explain(
                new Inquiry(
                        Stall.ANNA,
                        "openai/gpt-5",
                        Order.ApiKind.STATELESS,
                        "openai.chat",
                        Order.Purpose.NONE,
                        wishes,
                        stall.clock.instant(),
                        stall.clock.instant()));
    }

    private static OfferGate only(String channel) {
        return new OfferGate() {
            @Override
            public String name() {
                return "contract";
            }

            @Override
            public Verdict judge(Question question) {
                String asked = question.supplier().channel().name();
                return asked.equals(channel)
                        ? new Verdict("contract", true, "it may", "house rule 1", null)
                        : new Verdict(
                                "contract",
                                false,
                                asked + " may not carry it",
                                "house rule 1",
                                "use " + channel);
            }
        };
    }

    private static Wish wish() {
        return new Wish(NONE);
    }

    private static org.assertj.core.groups.Tuple tuple(Object... values) {
        return org.assertj.core.groups.Tuple.tuple(values);
    }

    /** Wishes, one changed at a time. */
    private record Wish(Wishes wishes) {

        Wish withOrder(String... names) {
            return made(List.of(names), List.of(), List.of(), null, null);
        }

        Wish withOnly(String... names) {
            return made(List.of(), List.of(names), List.of(), null, null);
        }

        Wish withIgnore(String... names) {
            return made(List.of(), List.of(), List.of(names), null, null);
        }

        Wish withSort(Sort sort) {
            return made(List.of(), List.of(), List.of(), null, sort);
        }

        Wish withMaxPrice(
                @org.jspecify.annotations.Nullable String input,
                @org.jspecify.annotations.Nullable String output) {
            var max =
                    new MaxPrice(
                            input == null ? null : new BigDecimal(input),
                            output == null ? null : new BigDecimal(output));
            return made(List.of(), List.of(), List.of(), max, null);
        }

        Wish withoutCollection() {
            return flags(true, true, false);
        }

        Wish withoutRetention() {
            return flags(true, false, true);
        }

        Wish withoutFallbacks() {
            return flags(false, false, false);
        }

        private static Wish flags(boolean fallbacks, boolean deny, boolean zero) {
            return new Wish(
                    new Wishes(
                            List.of(), List.of(), List.of(), fallbacks, false, deny, zero, null,
                            null));
        }

        private static Wish made(
                List<String> order,
                List<String> only,
                List<String> ignore,
                @org.jspecify.annotations.Nullable MaxPrice max,
                @org.jspecify.annotations.Nullable Sort sort) {
            return new Wish(new Wishes(order, only, ignore, true, false, false, false, max, sort));
        }
    }
}
