package entrepot.market.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.http.CallFailed;
import entrepot.identity.testing.CountingIds;
import entrepot.market.Order;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
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

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;

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
