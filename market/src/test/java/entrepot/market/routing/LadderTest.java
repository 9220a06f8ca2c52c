package entrepot.market.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import entrepot.conversation.Failed;
import entrepot.market.Explanation.Way;
import entrepot.market.Inquiry;
import entrepot.market.Order;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Verdict;
import entrepot.market.Wishes;
import entrepot.market.Wishes.Sort;
import entrepot.market.capacity.Capacity;
import entrepot.market.capacity.Pool;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.reading.ContractsReader;
import entrepot.market.testing.CollectingCounter;
import entrepot.market.testing.ScriptedHttp;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reserved units first, then what is committed, then on demand; each step says why. */
class LadderTest {

    private static final String YAML =
            """
            suppliers:
              open: {kind: openai-compatible, base_url: "https://o.invalid/v1", channel: open}
              other: {kind: openai-compatible, base_url: "https://x.invalid/v1", channel: other}
              ptu:
                kind: openai-compatible
                base_url: "https://p.invalid/v1"
                channel: azure
                SPILL
                reserved:
                  - {models: [acme/one], units: 2, unit: PTU, unit_tokens_per_minute: 40,
                     requests_per_minute: 4, output_weight: 2.5, cached_weight: 0}
            models:
              acme/one:
                offers:
                  - {supplier: open, name: one, prices: {input: 1, output: 1}}
                  - {supplier: other, name: one, prices: {input: 1, output: 1}}
                  - {supplier: ptu, name: one, prices: free}
                fallback: acme/two
              acme/two: {offers: [{supplier: ptu, name: two}]}
            """;

    private static final String CONTRACT =
            """
            contracts:
              c:
                title: A contract
                learned: 2026-01-01
                parties:
                  us: {name: Us}
                  x: {name: Other, channels: [other, open, azure]}
                documents:
                  d: {title: Agreement}
                clauses:
                  units: {kind: reserved-capacity, says: Ten units, source: d, holder: us,
                          channel: other, quantity: 10, unit: unit, unit_tokens_per_minute: 3,
                          spill: [azure], from: 2026-02-01, to: 2026-08-01}
            """;

    private final ScriptedHttp http = new ScriptedHttp();
    private ContractBook book = ContractBook.EMPTY;

    @Test
    void reservedUnitsWithRoomComeFirst() throws Exception {
        Stall stall = stall("");
        http.answer("p.invalid", answer(10, 2));

        Receipt receipt = buy(stall);

        assertThat(receipt.supplier()).isEqualTo("ptu");
        assertThat(ladder(receipt))
                .containsExactly(
                        new Verdict(
                                "ladder",
                                true,
                                "reserved: the 2 PTU of ptu have room",
                                "suppliers.ptu.reserved[0]",
                                null));
        Pool pool = pool(stall);
        Pool.Used used = pool.used(stall.clock.instant());
        assertThat(used.tokens()).isEqualTo(15); // 10 read and 2 written at 2.5
        assertThat(used.ways()).containsExactly(new Pool.UsedBy("ptu", "acme/one", 15, 1));
        assertThat(pool.usedPercent(stall.clock.instant())).isEqualTo(25); // of four requests
    }

    @Test
    void fullUnitsSpillToTheNextRungAndTheReceiptSaysWhy() throws Exception {
        Stall stall = stall("");
        http.answer("p.invalid", answer(80, 0));
        buy(stall);
        http.answer("o.invalid", answer(5, 1));

        Receipt receipt = buy(stall);

        assertThat(receipt.supplier()).isEqualTo("open");
        assertThat(ladder(receipt))
                .singleElement()
                .satisfies(verdict -> {
                    assertThat(verdict.reason())
                            .isEqualTo(
                                    "spilled to on demand: the 2 PTU of ptu are full, 100 % of"
                                            + " their minute is used");
                    assertThat(verdict.source()).isEqualTo("suppliers.ptu.reserved[0]");
                });
        assertThat(pool(stall).spilled()).isEqualTo(1);
        assertThat(places(stall, Wishes.NONE)).containsExactly("open", "other", "ptu");
        assertThat(pool(stall).spilled()).as("an explanation is no order").isEqualTo(1);

        stall.clock.advance(Duration.ofSeconds(61));
        assertThat(places(stall, Wishes.NONE)).containsExactly("ptu", "open", "other");
    }

    @Test
    void requestsFillUnitsToo() throws Exception {
        Stall stall = stall("");
        http.answer("p.invalid", answer(1, 1)).answer("p.invalid", answer(1, 1));
        http.answer("p.invalid", answer(1, 1)).answer("p.invalid", answer(1, 1));
        for (int i = 0; i < 4; i++) {
            assertThat(buy(stall).supplier()).isEqualTo("ptu");
        }
        assertThat(places(stall, Wishes.NONE)).startsWith("open");
    }

    @Test
    void aRefusalOfTheSupplierSpillsThisOrderAndThoseAfterIt() throws Exception {
        Stall stall = stall("");
        http.answer("p.invalid", ScriptedHttp.json(429, "{}").header("retry-after", "20"));
        http.answer("o.invalid", answer(1, 1)).answer("o.invalid", answer(1, 1));

        Receipt first = buy(stall);
        assertThat(first.supplier()).isEqualTo("open");
        assertThat(first.attempt()).isEqualTo(2);
        assertThat(ladder(first))
                .extracting(Verdict::reason)
                .contains(
                        "spilled: the 2 PTU of ptu are full, the supplier answered that they are"
                                + " used up (429)");
        assertThat(pool(stall).spilled()).isEqualTo(1);

        Receipt second = buy(stall);
        assertThat(second.supplier()).isEqualTo("open");
        assertThat(second.attempt()).isEqualTo(1);
        assertThat(ladder(second))
                .extracting(Verdict::reason)
                .containsExactly(
                        "spilled to on demand: the 2 PTU of ptu are full, the supplier answered"
                                + " that they are used up (429)");
    }

    @Test
    void unitsThatNeverSpillKeepTheirOrders() throws Exception {
        Stall stall = stall("spill: never");
        http.answer("p.invalid", ScriptedHttp.json(429, "{}").header("retry-after", "2"));
        http.answer("p.invalid", answer(80, 0));

        Receipt waited = buy(stall);
        assertThat(waited.supplier()).isEqualTo("ptu");
        assertThat(waited.attempt()).isEqualTo(2);

        var ways = explain(stall, Wishes.NONE, stall.clock.instant());
        assertThat(ways)
                .extracting(Way::supplier, Way::place)
                .containsExactly(
                        tuple("ptu", 1), tuple("open", 0), tuple("other", 0), tuple("ptu", 0));
        assertThat(ways.getLast().verdicts())
                .anySatisfy(verdict -> {
                    assertThat(verdict.passed()).isFalse();
                    assertThat(verdict.text())
                            .isEqualTo(
                                    "not bought: the 2 PTU of ptu are full, 100 % of their minute"
                                            + " is used, and never spill"
                                            + " (suppliers.ptu.reserved[0]): spill: next at the"
                                            + " supplier in the catalogue lets such orders go"
                                            + " elsewhere");
                });
        http.always(_ -> ScriptedHttp.json(429, "{}").header("retry-after", "600"));
        assertThatThrownBy(() -> buy(stall)).isInstanceOf(Failed.class);
        assertThat(http.hosts()).doesNotContain("o.invalid", "x.invalid");
    }

    @Test
    void wishesWinOverTheLadder() throws Exception {
        Stall stall = stall("spill: never");
        assertThat(places(stall, order("other"))).containsExactly("other", "ptu", "open");
        assertThat(places(stall, only("open", "other"))).containsExactly("open", "other");
        http.answer("p.invalid", answer(80, 0));
        buy(stall);
        assertThat(places(stall, order("other")))
                .as("what the caller asked for is not closed")
                .containsExactly("other", "ptu", "open");
        assertThat(places(stall, sort(Sort.LATENCY))).containsExactly("ptu", "open", "other");
    }

    @Test
    void aFallbackStaysBehindTheModelItself() {
        Stall stall = stall("");
        assertThat(explain(stall, Wishes.NONE, stall.clock.instant()))
                .extracting(Way::supplier, Way::name)
                .containsExactly(
                        tuple("ptu", "one"),
                        tuple("open", "one"),
                        tuple("other", "one"),
                        tuple("ptu", "two"));
    }

    @Test
    void aClauseReservesForItsHolderWhileItIsInForce() throws Exception {
        book = new ContractsReader().read(new TreeMap<>(Map.of("c.yaml", CONTRACT)));
        Stall stranger = stall("");
        assertThat(places(stranger, Wishes.NONE)).containsExactly("ptu", "open", "other");

        Stall ours = stall("", "tenants: {tn_a: {party: us}}\n");
        assertThat(places(ours, Wishes.NONE)).containsExactly("other", "ptu", "open");
        var later = Instant.parse("2026-08-01T00:00:00Z");
        assertThat(explain(ours, Wishes.NONE, later).getFirst().supplier()).isEqualTo("ptu");

        http.answer("x.invalid", answer(30, 0)).answer("p.invalid", answer(80, 0));
        assertThat(buy(ours).supplier()).isEqualTo("other");
        assertThat(buy(ours).supplier()).as("other units have room").isEqualTo("ptu");
        assertThat(places(ours, Wishes.NONE))
                .as("all units are full")
                .containsExactly("open", "ptu", "other");
    }

    @Test
    void theMeasureMovesOnToTheNextSnapshot() throws Exception {
        Stall stall = stall("");
        http.answer("p.invalid", answer(80, 0));
        buy(stall);
        stall.catalogue = stall.read(yaml("") + "aliases: {small: acme/one}\n");
        assertThat(places(stall, Wishes.NONE)).startsWith("open");
    }

    @Test
    void withNothingReservedNothingIsSaid() throws Exception {
        String plain = yaml("").replaceAll("(?s) +reserved:.*?cached_weight: 0}\n", "");
        Stall stall = stall(plain, new Capacity(() -> book, null));
        http.answer("o.invalid", answer(1, 1));
        Receipt receipt = buy(stall);
        assertThat(receipt.supplier()).isEqualTo("open");
        assertThat(ladder(receipt)).isEmpty();
    }

    private static String yaml(String spill) {
        return YAML.replace("    SPILL\n", spill.isEmpty() ? "" : "    " + spill + "\n");
    }

    private Stall stall(String spill) {
        return stall(spill, "");
    }

    private Stall stall(String spill, String more) {
        return stall(yaml(spill) + more, new Capacity(() -> book, null));
    }

    private Stall stall(String yaml, @Nullable Capacity capacity) {
        return new Stall(yaml, http, List.of(), null, capacity);
    }

    private static Receipt buy(Stall stall) throws InterruptedException {
        return stall.broker.buy(stall.order("acme/one"), new CollectingCounter());
    }

    private static Pool pool(Stall stall) {
        return stall.broker.capacity("tn_a").pools().getFirst();
    }

    private static List<Verdict> ladder(Receipt receipt) {
        return receipt.verdicts().stream()
                .filter(verdict -> verdict.gate().equals("ladder"))
                .toList();
    }

    private static List<String> places(Stall stall, Wishes wishes) {
        return explain(stall, wishes, stall.clock.instant()).stream()
                .filter(way -> way.allowed() && way.name().equals("one"))
                .map(Way::supplier)
                .toList();
    }

    private static List<Way> explain(Stall stall, Wishes wishes, Instant at) {
        return stall.broker
                .explain(
                        new Inquiry(
                                Stall.ANNA,
                                "acme/one",
                                Order.ApiKind.STATELESS,
                                "openai.chat",
                                Order.Purpose.NONE,
                                wishes,
                                at,
                                at))
                .ways();
    }

    private static Wishes order(String... names) {
        return new Wishes(
                List.of(names), List.of(), List.of(), true, false, false, false, null, null);
    }

    private static Wishes only(String... names) {
        return new Wishes(
                List.of(), List.of(names), List.of(), true, false, false, false, null, null);
    }

    private static Wishes sort(Sort sort) {
        return new Wishes(List.of(), List.of(), List.of(), true, false, false, false, null, sort);
    }

    private static ScriptedHttp.Reply.Answer answer(int read, int written) {
        return ScriptedHttp.json(
                200,
                "{\"id\":\"x\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
                        + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                        + "\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":"
                        + read
                        + ",\"completion_tokens\":"
                        + written
                        + ",\"total_tokens\":"
                        + (read + written)
                        + "}}");
    }
}
