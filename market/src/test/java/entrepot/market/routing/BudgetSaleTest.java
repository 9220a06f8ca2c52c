package entrepot.market.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Request;
import entrepot.http.CallFailed;
import entrepot.identity.testing.CountingIds;
import entrepot.market.Explanation;
import entrepot.market.Explanation.Way;
import entrepot.market.Inquiry;
import entrepot.market.Order;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.market.Receipt.Verdict;
import entrepot.market.Wishes;
import entrepot.market.budgets.BudgetSettings;
import entrepot.market.budgets.Budgets;
import entrepot.market.budgets.limits.Limit;
import entrepot.market.budgets.limits.LimitScope;
import entrepot.market.budgets.limits.Limits;
import entrepot.market.budgets.limits.Measure;
import entrepot.market.budgets.limits.NewLimit;
import entrepot.market.budgets.limits.Period;
import entrepot.market.testing.CollectingCounter;
import entrepot.market.testing.ScriptedHttp;
import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;
import entrepot.testkit.SettableClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.JsonNodeFactory;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** Each attempt holds its worst case before a supplier is called, and settles what it cost. */
class BudgetSaleTest {

    private static final String YAML =
            """
            suppliers:
              dear: {kind: openai-compatible, base_url: "https://a.invalid/v1", key_env: KEY_A}
              cheap: {kind: openai-compatible, base_url: "https://b.invalid/v1", key_env: KEY_B}
            models:
              acme/one:
                output_tokens: 1000
                offers:
                  - {supplier: dear, name: one, prices: {input: 1, output: 1000}}
                  - {supplier: cheap, name: one, prices: {input: 1, output: 10}}
              acme/tiered:
                context_tokens: 4000
                output_tokens: 1000
                offers:
                  - supplier: cheap
                    name: three
                    prices:
                      - {input: 0, output: 100}
                      - {tier: flex, input: 0, output: 50}
                      - {tier: priority, input: 0, output: 300}
              acme/endless:
                offers: [{supplier: cheap, name: two, prices: {input: 1, output: 10}}]
            """;

    private static final String ANSWER =
            "{\"id\":\"x\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                    + "\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":7,"
                    + "\"total_tokens\":37}}";

    @TempDir private Path folder = Path.of("");
    private final ScriptedHttp http = new ScriptedHttp();
    private final SettableClock clock = SettableClock.at("2026-04-12T09:00:00Z");
    private final CountingIds ids = new CountingIds();
    private Database database;
    private Limits limits;
    private Budgets budgets;

    @BeforeEach
    void open() {
        database = TestDatabases.sqlite(folder);
        database.migrate(List.of(Limits.MIGRATIONS));
        limits = new Limits(database, clock, ids);
        budgets =
                Budgets.open(
                        new Budgets.Parts(database, limits, "here", clock, ids, _ -> {}),
                        new BudgetSettings(60_000, 1, 20, 0, 100, 20_000));
    }

    @AfterEach
    void close() {
        budgets.close();
        database.close();
    }

    @Test
    void whatItCostTakesThePlaceOfWhatWasHeld() throws Exception {
        http.always(_ -> ScriptedHttp.json(200, ANSWER));
        Limit limit = dollars("5");
        var stall = stall();

        Receipt receipt = stall.broker.buy(stall.order("acme/one"), new CollectingCounter());

        assertThat(receipt.supplier()).isEqualTo("dear");
        assertThat(receipt.verdicts())
                .anyMatch(verdict -> verdict.gate().equals("budget") && verdict.passed());
        budgets.flush();
        assertThat(limits.usage(limit).settled())
                .isEqualByComparingTo(new BigDecimal("0.00703")); // 30 in at 1, 7 out at 1000
    }

    @Test
    void aCheaperOfferIsTakenWhenTheDearOneDoesNotFit() throws Exception {
        http.always(_ -> ScriptedHttp.json(200, ANSWER));
        dollars("0.50");
        var stall = stall();

        Receipt receipt = stall.broker.buy(stall.order("acme/one"), new CollectingCounter());

        assertThat(receipt.supplier()).isEqualTo("cheap");
        assertThat(receipt.attempt()).isEqualTo(1);
        assertThat(http.hosts()).containsExactly("b.invalid");
    }

    @Test
    void anOrderThatFitsNowhereIsRefusedBeforeAnySupplierIsCalled() {
        dollars("0.001");
        var stall = stall();

        refused(stall, "acme/one", "budget_exceeded");

        assertThat(http.calls()).isEmpty();
        assertThat(stall.ledger.all())
                .singleElement()
                .extracting(Receipt::outcome)
                .isEqualTo(Outcome.REFUSED);
    }

    @Test
    void aWorstCaseThatNobodyKnowsIsRefusedUnlessTheLimitSaysWhatToHold() {
        dollars("100");

        refused(stall(), "acme/endless", "budget_exceeded");
    }

    @Test
    void whatASupplierNeverWorkedOnIsGivenBack() {
        http.always(_ -> ScriptedHttp.fails(CallFailed.Reason.NOT_CONNECTED));
        Limit limit = dollars("2");
        var stall = stall();

        assertThatThrownBy(() -> stall.broker.buy(stall.order("acme/one"), new CollectingCounter()))
                .isInstanceOf(Failed.class);

        assertThat(limits.usage(limit).settled()).isEqualByComparingTo(BigDecimal.ZERO);
    }

    @Test
    void theTierThatIsAskedForIsHeld() throws Exception {
        http.always(_ -> ScriptedHttp.json(200, ANSWER));
        dollars("0.20");
        var stall = stall();

        stall.broker.buy(tiered(stall, "default"), new CollectingCounter()); // 0.1
        assertThatThrownBy(
                        () -> stall.broker.buy(tiered(stall, "priority"), new CollectingCounter()))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("may use 0.3 USD");
        dollars("0.06");
        assertThatThrownBy(() -> stall.broker.buy(tiered(stall, "auto"), new CollectingCounter()))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("may use 0.1 USD");
        stall.broker.buy(tiered(stall, "flex"), new CollectingCounter()); // 0.05
    }

    private static Order tiered(Stall stall, String tier) {
        Order plain = stall.order("acme/tiered");
        Request asked = plain.request().get();
        var extras =
                new Extras(
                        "openai.chat",
                        Map.of("service_tier", JsonNodeFactory.instance.stringNode(tier)));
        return new Order(
                plain.id(),
                plain.caller(),
                plain.model(),
                plain.api(),
                plain.storefront(),
                plain.deadline(),
                () ->
                        new Request(
                                asked.model(),
                                asked.messages(),
                                asked.tools(),
                                asked.toolChoice(),
                                asked.sampling(),
                                asked.format(),
                                asked.stream(),
                                extras),
                null,
                null,
                Order.Losses.REPORT);
    }

    @Test
    void anExplanationTellsWhatWouldBeHeldAndWhatIsLeft() throws Exception {
        http.always(_ -> ScriptedHttp.json(200, ANSWER));
        Limit limit = dollars("0.50");
        var stall = stall();

        var explained = explain(stall, "acme/one", new Inquiry.Extent(0L, 400L, null));

        Way dear = explained.ways().getFirst();
        assertThat(dear.supplier()).isEqualTo("dear");
        assertThat(budget(dear).text())
                .isEqualTo(
                        "0.4 USD would be held and 0.5 USD are left of limit "
                                + limit.id()
                                + " 'press' (0.5 USD a month for team press)");
        assertThat(limits.usage(limit).held()).isEqualByComparingTo(BigDecimal.ZERO);

        // The dear one does not fit any more, and is said not to be tried.
        stall.broker.buy(stall.order("acme/one"), new CollectingCounter());
        explained = explain(stall, "acme/one", new Inquiry.Extent(0L, 600L, null));
        assertThat(explained.ways())
                .extracting(Way::supplier, Way::place)
                .containsExactly(tuple("cheap", 1), tuple("dear", 0));
        assertThat(budget(explained.ways().getLast()).reason())
                .contains("this call may use 0.6 USD");
        assertThat(explained.allowed()).isTrue();
        assertThat(http.calls()).hasSize(1);
    }

    @Test
    void anExplanationWithoutASizeReckonsWithTheLargestCall() {
        dollars("500");
        Way way =
                explain(stall(), "acme/tiered", new Inquiry.Extent(null, null, "priority"))
                        .ways()
                        .getFirst();
        assertThat(budget(way).reason()).contains("0.3 USD would be held", "as large as the model");
        Way endless = explain(stall(), "acme/endless", Inquiry.Extent.LARGEST).ways().getFirst();
        assertThat(endless.place()).isZero();
        assertThat(budget(endless).reason()).contains("cannot tell what this call may use");
    }

    @Test
    void withoutALimitNothingIsSaidOfBudgets() {
        Way way = explain(stall(), "acme/one", Inquiry.Extent.LARGEST).ways().getFirst();
        assertThat(way.verdicts()).extracting(Verdict::gate).doesNotContain("budget");
    }

    private static Verdict budget(Way way) {
        return way.verdicts().stream()
                .filter(verdict -> verdict.gate().equals("budget"))
                .findFirst()
                .orElseThrow();
    }

    private Explanation explain(Stall stall, String model, Inquiry.Extent extent) {
        return stall.broker.explain(
                new Inquiry(
                        Stall.ANNA,
                        model,
                        Order.ApiKind.STATELESS,
                        "openai.chat",
                        Order.Purpose.NONE,
                        Wishes.NONE,
                        clock.instant(),
                        clock.instant(),
                        extent));
    }

    @Test
    void aTreeOfSessionsSharesOneLimitAndEachSessionHasItsOwn() throws Exception {
        http.always(_ -> ScriptedHttp.json(200, ANSWER));
        Limit tree = requests(LimitScope.Kind.TREE, "sess_root", 2);
        Limit child = requests(LimitScope.Kind.SESSION, "sess_a", 1);
        var stall = stall();

        buy(stall, new Order.Work("sess_a", "sess_root", "turn_1", 1));
        assertThatThrownBy(() -> buy(stall, new Order.Work("sess_a", "sess_root", "turn_2", 1)))
                .as("its own is used up")
                .hasMessageContaining("session sess_a");
        buy(stall, new Order.Work("sess_b", "sess_root", "turn_1", 1));
        assertThatThrownBy(() -> buy(stall, new Order.Work("sess_root", "turn_1", 1)))
                .as("the root counts, too")
                .hasMessageContaining("tree sess_root");
        assertThatThrownBy(() -> buy(stall, new Order.Work("sess_c", "sess_root", "turn_1", 1)))
                .hasMessageContaining("tree sess_root");
        buy(stall, new Order.Work("sess_other", "turn_1", 1));

        budgets.flush();
        assertThat(limits.usage(tree).settled()).isEqualByComparingTo(BigDecimal.TWO);
        assertThat(limits.usage(child).settled()).isEqualByComparingTo(BigDecimal.ONE);
    }

    private static void buy(Stall stall, Order.Work work) throws Exception {
        stall.broker.buy(stall.order(Stall.ANNA, "acme/one", null, work), new CollectingCounter());
    }

    private Limit requests(LimitScope.Kind kind, String id, int amount) {
        Limit limit =
                limits.create(
                        "tn_a",
                        new NewLimit(
                                id,
                                new LimitScope(kind, id),
                                Measure.REQUESTS,
                                null,
                                new BigDecimal(amount),
                                Period.NONE,
                                ZoneOffset.UTC,
                                true,
                                List.of(),
                                null));
        budgets.refresh();
        return limit;
    }

    private void refused(Stall stall, String model, String code) {
        Order order = stall.order(model);
        assertThatThrownBy(() -> stall.broker.buy(order, new CollectingCounter()))
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> {
                            assertThat(failed.failure().cause()).isEqualTo(Cause.BUDGET_EXCEEDED);
                            assertThat(failed.failure().code()).isEqualTo(code);
                        });
    }

    private Limit dollars(String amount) {
        Limit limit =
                limits.create(
                        "tn_a",
                        new NewLimit(
                                "press",
                                new LimitScope(LimitScope.Kind.TEAM, "press"),
                                Measure.MONEY,
                                "USD",
                                new BigDecimal(amount),
                                Period.MONTH,
                                ZoneOffset.UTC,
                                true,
                                List.of(),
                                null));
        budgets.refresh();
        return limit;
    }

    private Stall stall() {
        return new Stall(YAML, http, List.of(), budgets);
    }
}
