package entrepot.market.contracts.whatif;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.market.Order.ApiKind;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.reading.ContractsReader;
import entrepot.market.contracts.whatif.PastDecision.Candidate;
import entrepot.market.contracts.whatif.WhatIf.Preference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Last month's orders under other contracts and at other prices. */
class WhatIfTest {

    private static final ContractBook BOOK =
            ContractsReader.folder(
                    Path.of(System.getProperty("entrepot.root", ".."))
                            .resolve("examples/openai-2026/contracts"),
                    "contracts");

    private static final Candidate AZURE = candidate("azure", "2", "8");
    private static final Candidate BEDROCK = candidate("bedrock", "1", "4");

    private static Candidate candidate(String channel, String input, String output) {
        return new Candidate(
                channel,
                channel,
                false,
                "USD",
                Map.of(
                        Meter.FRESH_INPUT,
                        new BigDecimal(input),
                        Meter.OUTPUT,
                        new BigDecimal(output)));
    }

    private static PastDecision order(
            String id, String day, @Nullable String chosen, Candidate... candidates) {
        return new PastDecision(
                id,
                "openai/gpt-5-mini",
                ApiKind.STATELESS,
                "",
                Instant.parse(day + "T12:00:00Z"),
                new Usage(Map.of(Meter.FRESH_INPUT, 1_000_000L, Meter.REASONING, 500_000L), false),
                List.of(candidates),
                chosen);
    }

    @Test
    void withoutContractsTheCheapestChannelShowsWhatTheContractsCost() {
        var orders =
                List.of(
                        order("o1", "2026-03-01", "azure", AZURE, BEDROCK),
                        order("o2", "2026-03-02", "azure", AZURE));
        WhatIf free = WhatIf.of(orders, ContractBook.EMPTY, Preference.CHEAPEST);
        assertThat(free.moved())
                .singleElement()
                .satisfies(moved -> {
                    assertThat(moved.past().orderId()).isEqualTo("o1");
                    assertThat(moved.costBefore()).isEqualTo(Money.of("6", "USD"));
                    assertThat(moved.costAfter()).isEqualTo(Money.of("3", "USD"));
                    assertThat(moved.why())
                            .isEqualTo("goes to bedrock, which costs less than azure");
                });
        assertThat(free.differences()).containsExactly(Map.entry("USD", Money.of("-3", "USD")));
        assertThat(free.untold()).isZero();
    }

    @Test
    void anOrderThatTheContractsForbidGoesElsewhereWithTheClauseNamed() {
        var orders = List.of(order("o1", "2026-03-01", "bedrock", BEDROCK, AZURE));
        WhatIf result = WhatIf.of(orders, BOOK, Preference.KEEP);
        Redecision moved = result.orders().getFirst();
        assertThat(requireNonNull(moved.chosen()).supplier()).isEqualTo("azure");
        assertThat(moved.why())
                .startsWith("goes to azure, since the contracts do not allow")
                .contains("microsoft-2026-02/stateless-api");
        assertThat(moved.refused()).hasSize(1);
        assertThat(moved.difference()).isEqualTo(Money.of("3", "USD"));
        assertThat(
                        WhatIf.of(
                                        List.of(
                                                order(
                                                        "o1",
                                                        "2026-05-01",
                                                        "bedrock",
                                                        BEDROCK,
                                                        AZURE)),
                                        BOOK,
                                        Preference.KEEP)
                                .moved())
                .as("allowed by then")
                .isEmpty();
    }

    @Test
    void whatNobodyMayFillIsSaidSoAndWhatWasRefusedMayBeFilled() {
        WhatIf result =
                WhatIf.of(
                        List.of(
                                order("o1", "2026-03-01", "bedrock", BEDROCK),
                                order("o2", "2026-05-01", null, BEDROCK),
                                order("o3", "2026-05-01", null)),
                        BOOK,
                        Preference.KEEP);
        assertThat(result.orders().get(0).chosen()).isNull();
        assertThat(result.orders().get(0).why()).startsWith("no candidate may fill it: the");
        assertThat(result.orders().get(1).why())
                .startsWith("is filled by bedrock, since")
                .contains("microsoft-2026-04/any-cloud");
        assertThat(result.orders().get(2).why()).isEqualTo("there was no candidate");
        assertThat(result.moved()).hasSize(2);
        assertThat(result.untold()).isEqualTo(2);
        assertThat(result.differences()).isEmpty();
    }

    @Test
    void aPriceThatIsNotKnownIsNeverZero() {
        var unknown = new Candidate("bedrock", "bedrock", false, "USD", Map.of());
        WhatIf result =
                WhatIf.of(
                        List.of(order("o1", "2026-05-01", "azure", unknown, AZURE)),
                        BOOK,
                        Preference.CHEAPEST);
        assertThat(requireNonNull(result.orders().getFirst().chosen()).supplier())
                .as("a known price before an unknown one")
                .isEqualTo("azure");
        WhatIf only =
                WhatIf.of(
                        List.of(order("o1", "2026-05-01", "bedrock", unknown)),
                        BOOK,
                        Preference.CHEAPEST);
        assertThat(only.orders().getFirst().costAfter()).isNull();
        assertThat(only.untold()).isEqualTo(1);
    }

    @Test
    void aPriceBookOfTheOtherContractsIsWhatItCostsThere() {
        String text =
                """
                contracts:
                  c:
                    title: An offer
                    parties: {a: {name: Andes, channels: [bedrock]}}
                    documents: {d: {title: Offer}}
                    clauses:
                      prices:
                        kind: price-book
                        says: half off above half a million tokens
                        models: [openai/*]
                        channel: bedrock
                        discount_percent: 50
                        rates:
                          - {input: 100, output: 100}
                          - {above_input_tokens: 500000, input: 4, output: 6}
                          - {tier: batch, above_input_tokens: 500000, input: 1, output: 1}
                        from: 2026-03-01
                        source: d
                """;
        ContractBook book = new ContractsReader().read(new TreeMap<>(Map.of("a.yaml", text)));
        Redecision again =
                WhatIf.of(
                                List.of(order("o1", "2026-03-01", "bedrock", BEDROCK)),
                                book,
                                Preference.KEEP)
                        .orders()
                        .getFirst();
        assertThat(again.costBefore()).isEqualTo(Money.of("3", "USD"));
        assertThat(again.costAfter()).isEqualTo(Money.of("3.5", "USD"));
        assertThat(again.moved()).isFalse();
        Redecision before =
                WhatIf.of(
                                List.of(order("o1", "2026-02-28", "bedrock", BEDROCK)),
                                book,
                                Preference.KEEP)
                        .orders()
                        .getFirst();
        assertThat(before.costAfter()).isEqualTo(Money.of("3", "USD"));
    }

    @Test
    void theSameQuestionHasTheSameAnswer() {
        var orders =
                List.of(
                        order("o1", "2026-03-01", "azure", AZURE, BEDROCK),
                        order("o2", "2026-05-02", "azure", AZURE, BEDROCK));
        assertThat(WhatIf.of(orders, BOOK, Preference.CHEAPEST))
                .isEqualTo(WhatIf.of(orders, BOOK, Preference.CHEAPEST));
    }
}
