package entrepot.runtime.spend;

import static entrepot.runtime.Node.ALICE;
import static entrepot.runtime.Node.BRISK;
import static entrepot.runtime.Node.QUICK;
import static entrepot.runtime.Node.says;
import static entrepot.runtime.Node.server;
import static entrepot.runtime.Node.text;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Failed;
import entrepot.conversation.Message;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.identity.Caller;
import entrepot.identity.testing.CountingIds;
import entrepot.market.Counter;
import entrepot.market.Market;
import entrepot.market.Money;
import entrepot.market.Order;
import entrepot.market.Receipt;
import entrepot.market.budgets.BudgetSettings;
import entrepot.market.budgets.Budgets;
import entrepot.market.budgets.Claim;
import entrepot.market.budgets.Hold;
import entrepot.market.budgets.LimitReached;
import entrepot.market.budgets.limits.LimitScope;
import entrepot.market.budgets.limits.Limits;
import entrepot.runtime.AgentRuntime;
import entrepot.runtime.Node;
import entrepot.runtime.NodeContract;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.approvals.ToolPolicy;
import entrepot.runtime.driver.Driver;
import entrepot.runtime.facts.Configuration;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.SessionSettings;
import entrepot.runtime.schedule.CountedTools;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** What a tree of sessions may spend, by the market's own budgets, whichever database has them. */
abstract class SpendControlContract extends NodeContract {

    private static final Money WORST = Money.of("0.10", "USD");
    private static final Money COST = Money.of("0.06", "USD");
    private static final int COST_CENTS = 6;
    private static final Page.Query PAGE = new Page.Query(null, 50, true);

    /** A market whose calls may cost ten cents and cost six, and which asks the budgets first. */
    private static final class DearMarket implements Market {

        private final Market inner;
        private final Budgets budgets;
        private final AtomicInteger sold = new AtomicInteger();

        DearMarket(Function<Request, Scripted> model, Budgets budgets) {
            this.inner = ScriptedMarket.answering(model);
            this.budgets = budgets;
        }

        @Override
        public Receipt buy(Order order, Counter counter) throws InterruptedException {
            Order.Work work = Objects.requireNonNull(order.work());
            if (work.budget() != null) {
                budgets.require(
                        order.caller(),
                        new LimitScope(LimitScope.Kind.TREE, work.rootId()),
                        work.budget());
            }
            Hold hold = hold(order, work);
            Receipt receipt = inner.buy(order, counter);
            sold.incrementAndGet();
            budgets.settle(hold, COST, 15L);
            budgets.flush();
            return receipt;
        }

        private Hold hold(Order order, Order.Work work) {
            try {
                return budgets.hold(
                        new Claim(
                                order.id(),
                                1,
                                order.caller(),
                                null,
                                work.sessionId(),
                                work.rootId(),
                                List.of(WORST),
                                100L,
                                Instant.now()));
            } catch (LimitReached reached) {
                throw new Failed(reached.refusal().failure(Instant.now()));
            }
        }

        @Override
        public List<Listing> models(Caller caller) {
            return inner.models(caller);
        }
    }

    private interface Body {
        void run(AgentRuntime runtime, DearMarket market) throws Exception;
    }

    private void served(Function<Request, Scripted> model, Body body) throws Exception {
        database.migrate(AgentRuntime.MIGRATIONS);
        database.migrate(List.of(Limits.MIGRATIONS));
        var ids = new CountingIds("n");
        var limits = new Limits(database, Clock.systemUTC(), ids);
        var parts = new Budgets.Parts(database, limits, "n", Clock.systemUTC(), ids, alert -> {});
        try (Budgets budgets = Budgets.open(parts, BudgetSettings.DEFAULT)) {
            var market = new DearMarket(model, budgets);
            try (AgentRuntime runtime =
                    AgentRuntime.of(
                            new AgentRuntime.Parts(
                                    database,
                                    market,
                                    new Driver.Tools(new CountedTools(use -> {}), ToolPolicy.ALLOW),
                                    ids,
                                    Clock.systemUTC(),
                                    QUICK,
                                    BRISK,
                                    SpendControl.of(limits)))) {
                runtime.start();
                body.run(runtime, market);
            }
        }
    }

    private static String session(AgentRuntime runtime, long cents) {
        ObjectNode settings = JsonMapper.shared().createObjectNode();
        settings.putObject("multi_agent").put("enabled", true).put("max_concurrent_subagents", 4);
        var agent =
                new AgentSnapshot(
                        "agent_test", null, "scripted", null, List.of(server("world")), settings);
        var told =
                new Configuration(
                        agent, Map.of(), SessionSettings.DEFAULT.withSpendCentsMax(cents));
        List<List<Part>> input = List.of(text("Spend"));
        return runtime.sessions()
                .create(ALICE, new Sessions.NewSession(told, input, null), null)
                .id();
    }

    private static Scripted looksFourTimes(Request request) {
        return answers(request) < 4
                ? Scripted.calls(Scripted.call("l" + answers(request), "look", "{}"))
                : Scripted.says("Done.");
    }

    private static long answers(Request request) {
        return request.messages().stream()
                .filter(each -> each.role() == Message.Role.ASSISTANT)
                .count();
    }

    /** Four subagents that spend at once: what the tree may spend is not passed by a cent. */
    @Test
    void parallelSubagentsDoNotOverspend() throws Exception {
        Function<Request, Scripted> model =
                request -> {
                    if (request.messages().getFirst().text().contains("You are a subagent")) {
                        return looksFourTimes(request);
                    }
                    List<Part.ToolCall> calls = new ArrayList<>();
                    for (int i = 0; i < 4; i++) {
                        calls.add(
                                Scripted.call("c" + i, "create_subagent", "{\"input\":\"Look\"}"));
                    }
                    return answers(request) == 0
                            ? Scripted.calls(calls.toArray(Part.ToolCall[]::new))
                            : Scripted.says("They look.");
                };
        served(
                model,
                (runtime, market) -> {
                    String id = session(runtime, 80);
                    Sessions sessions = runtime.sessions();
                    List<View.Turn> turns = ended(sessions, id);
                    assertThat(market.sold.get()).isGreaterThan(5);
                    long consumed = Objects.requireNonNull(sessions.consumedCents(ALICE, id));
                    assertThat(consumed).isEqualTo((long) market.sold.get() * COST_CENTS);
                    assertThat(consumed).isLessThanOrEqualTo(80);
                    assertThat(turns)
                            .filteredOn(turn -> turn.status() == View.TurnStatus.FAILED)
                            .isNotEmpty()
                            .allMatch(turn -> "session_budget_exceeded".equals(turn.errorCode()));
                });
    }

    /** All turns of a tree, when none is open any more. */
    private static List<View.Turn> ended(Sessions sessions, String id) throws Exception {
        for (int left = 2_000; left > 0; left--) {
            List<View.Turn> turns = new ArrayList<>();
            turns.addAll(sessions.view(ALICE, id).orElseThrow().turns());
            List<Sessions.Subagent> below = sessions.subagents(ALICE, id, PAGE).data();
            for (Sessions.Subagent each : below) {
                turns.addAll(sessions.view(ALICE, each.id()).orElseThrow().turns());
            }
            boolean idle =
                    sessions.find(ALICE, id).orElseThrow().status() == View.Status.IDLE
                            && !turns.isEmpty();
            if (idle
                    && turns.size() > below.size()
                    && turns.stream().allMatch(turn -> turn.completedSeconds() != null)) {
                return turns;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("the tree of " + id + " never came to rest");
    }

    /** A6: raised, it goes on; taken away, what was spent is not forgotten. */
    @Test
    void aBudgetIsRaisedAndTakenAwayWithoutForgetting() throws Exception {
        served(
                SpendControlContract::looksFourTimes,
                (runtime, market) -> {
                    Sessions sessions = runtime.sessions();
                    String id = session(runtime, 20);
                    List<View.Turn> turns = ended(sessions, id);
                    assertThat(turns.getFirst().errorCode()).isEqualTo("session_budget_exceeded");
                    assertThat(sessions.consumedCents(ALICE, id)).isEqualTo(12);
                    told(sessions, id, 1_000L);
                    sessions.post(ALICE, id, List.of(says("Go on")), null);
                    assertThat(last(sessions, id, 2)).isEqualTo(View.TurnStatus.COMPLETED);
                    long spent = Objects.requireNonNull(sessions.consumedCents(ALICE, id));
                    told(sessions, id, null);
                    sessions.post(ALICE, id, List.of(says("Go on")), null);
                    assertThat(last(sessions, id, 3)).isEqualTo(View.TurnStatus.COMPLETED);
                    assertThat(sessions.consumedCents(ALICE, id)).isGreaterThan(spent);
                    told(sessions, id, 5L);
                    sessions.post(ALICE, id, List.of(says("Go on")), null);
                    assertThat(last(sessions, id, 4)).isEqualTo(View.TurnStatus.FAILED);
                    sessions.delete(ALICE, id);
                });
    }

    private static void told(Sessions sessions, String id, @Nullable Long cents) {
        sessions.change(ALICE, id, now -> now.with(now.settings().withSpendCentsMax(cents)));
    }

    private static View.TurnStatus last(Sessions sessions, String id, int turnsWanted)
            throws Exception {
        for (int left = 2_000; left > 0; left--) {
            List<View.Turn> turns = sessions.view(ALICE, id).orElseThrow().turns();
            if (turns.size() == turnsWanted && turns.getLast().completedSeconds() != null) {
                return turns.getLast().status();
            }
            Thread.sleep(10);
        }
        throw new AssertionError("turn " + turnsWanted + " of " + id + " never ended");
    }

    /** Where nobody keeps budgets, a session that has one buys nothing. */
    @Test
    void aBudgetThatNobodyKeepsIsNotPassedOver() throws Exception {
        try (Node node = node(ScriptedMarket.of(Scripted.says("Hello.")))) {
            var told =
                    new Configuration(
                            Node.agent(), Map.of(), SessionSettings.DEFAULT.withSpendCentsMax(5L));
            String id =
                    node.sessions()
                            .create(
                                    ALICE,
                                    new Sessions.NewSession(told, List.of(text("Hi")), null),
                                    null)
                            .id();
            node.until(
                    id,
                    fact ->
                            fact instanceof Fact.TurnFailed failed
                                    && failed.code().equals("session_budget_exceeded"));
        }
    }
}
