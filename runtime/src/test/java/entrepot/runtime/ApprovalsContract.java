package entrepot.runtime;

import static entrepot.runtime.Node.ALICE;
import static entrepot.runtime.Node.agent;
import static entrepot.runtime.Node.count;
import static entrepot.runtime.Node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.conversation.Tool;
import entrepot.identity.Caller;
import entrepot.runtime.approvals.ToolPolicy;
import entrepot.runtime.driver.Driver;
import entrepot.runtime.driver.DriverSettings;
import entrepot.runtime.facts.Configuration;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.SessionSettings;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.turn.Limits;
import entrepot.store.Page;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Calls that need somebody's word, whichever database keeps them. */
abstract class ApprovalsContract extends NodeContract {

    private static final Page.Query PAGE = new Page.Query(null, 9, true);

    /** A shop that remembers what was bought. */
    private static final class Shop implements ToolServer {

        private final List<String> bought = new CopyOnWriteArrayList<>();

        @Override
        public List<Offer> offers() {
            return List.of(
                    new Offer(
                            new Tool.Function("buy", "Buys it.", null, null, Extras.NONE),
                            Effect.ONCE));
        }

        @Override
        public Result use(Use use) {
            bought.add(use.arguments());
            return Result.text("bought");
        }
    }

    private final Shop shop = new Shop();
    private volatile ToolPolicy policy = use -> ToolPolicy.Judgement.ask("It spends money.");

    private Node node(ScriptedMarket market, String name, long approvalMillisMax) {
        Driver.Tools tools =
                new Driver.Tools((spec, context) -> Optional.of(shop), use -> policy.judge(use));
        return Node.on(
                database,
                market,
                tools,
                name,
                new DriverSettings(
                        new Limits(8, 3, 20, 4, 10_000),
                        30_000,
                        10_000,
                        approvalMillisMax,
                        20,
                        8192,
                        5,
                        5,
                        100));
    }

    private Node node(Scripted... answers) {
        return node(ScriptedMarket.of(answers), "a", 3_600_000).started();
    }

    private static Scripted buys(String... callIds) {
        List<Part.ToolCall> calls = new ArrayList<>();
        for (String callId : callIds) {
            calls.add(Scripted.call(callId, "buy", "{\"what\":\"" + callId + "\"}"));
        }
        return Scripted.calls(calls.toArray(Part.ToolCall[]::new));
    }

    private static List<View.RequiredAction> open(Node node, String id) {
        return node.sessions().find(ALICE, id).orElseThrow().requiredActions();
    }

    private static View.Approval first(Node node, String id) {
        View.Approval approval = open(node, id).getFirst().approval();
        assertThat(approval).isNotNull();
        return Objects.requireNonNull(approval);
    }

    private static Sessions.Input answer(View.Approval approval, boolean approved) {
        return new Sessions.Input.Approval(approval.id(), approved, "as agreed", false);
    }

    /** E42, E48: what runs is the call that was approved, each call by itself. */
    @Test
    void aCallWaitsForItsApprovalAndThenRunsOnce() throws Exception {
        try (Node node = node(buys("c1"), Scripted.says("Done."))) {
            String id = node.session(agent(server("shop")), "Buy it");
            node.until(id, Fact.ApprovalAsked.class::isInstance);
            View.Approval asked = first(node, id);
            assertThat(asked.server()).isEqualTo("shop");
            assertThat(asked.tool()).isEqualTo("buy");
            assertThat(asked.reason()).isEqualTo("It spends money.");
            assertThat(asked.digest()).hasSize(64);
            assertThat(shop.bought).isEmpty();
            assertThat(node.sessions().awaitingApproval(ALICE, PAGE).data())
                    .extracting(Sessions.Session::id)
                    .containsExactly(id);
            Caller stranger = Node.caller("globex", "eve");
            assertThat(node.sessions().awaitingApproval(stranger, PAGE).data()).isEmpty();
            node.post(id, answer(asked, true));
            node.until(id, count(Fact.TurnCompleted.class, 1));
            assertThat(shop.bought).containsExactly("{\"what\":\"c1\"}");
            assertThat(node.facts(id))
                    .filteredOn(Fact.ApprovalAnswered.class::isInstance)
                    .first()
                    .isInstanceOfSatisfying(
                            Fact.ApprovalAnswered.class,
                            answered -> {
                                assertThat(answered.by()).isEqualTo("alice");
                                assertThat(answered.note()).isEqualTo("as agreed");
                            });
            assertThat(node.sessions().awaitingApproval(ALICE, PAGE).data()).isEmpty();
            node.post(id, answer(asked, true)); // Once more: it is here already.
            assertThatThrownBy(() -> node.post(id, answer(asked, false)))
                    .hasMessageContaining("alice has approved this already");
            assertThat(shop.bought).hasSize(1);
        }
    }

    /** E43: what was denied does not run. */
    @Test
    void aDenialIsAnOutcomeThatTheModelSees() throws Exception {
        ScriptedMarket market = ScriptedMarket.of(buys("c1", "c2"), Scripted.says("Well."));
        try (Node node = node(market, "a", 3_600_000).started()) {
            String id = node.session(agent(server("shop")), "Buy them");
            node.until(id, count(Fact.ApprovalAsked.class, 2));
            List<View.RequiredAction> open = open(node, id);
            assertThat(open).hasSize(2);
            node.post(id, answer(Objects.requireNonNull(open.get(0).approval()), false));
            node.post(id, answer(Objects.requireNonNull(open.get(1).approval()), true));
            node.until(id, count(Fact.TurnCompleted.class, 1));
            assertThat(shop.bought).containsExactly("{\"what\":\"c2\"}");
            assertThat(market.requests().getLast().messages().toString())
                    .contains("alice denied it. as agreed")
                    .contains("bought");
            assertThat(node.sessions().view(ALICE, id).orElseThrow().items())
                    .filteredOn(View.Item.ToolUse.class::isInstance)
                    .extracting(View.Item::status)
                    .containsExactlyInAnyOrder(View.ItemStatus.FAILED, View.ItemStatus.COMPLETED);
        }
    }

    /** E48a: a late answer is refused by name, and the turn has gone on. */
    @Test
    void aQuestionThatNobodyAnswersLapses() throws Exception {
        ScriptedMarket market = ScriptedMarket.of(buys("c1"), Scripted.says("Well."));
        try (Node node = node(market, "a", 100).started()) {
            String id = node.session(agent(server("shop")), "Buy it");
            node.until(id, Fact.ApprovalAsked.class::isInstance);
            node.until(id, count(Fact.TurnCompleted.class, 1));
            assertThat(shop.bought).isEmpty();
            assertThat(market.requests().getLast().messages().toString())
                    .contains("nobody gave it in time");
            String lapsed =
                    node.facts(id).stream()
                            .filter(Fact.ApprovalAsked.class::isInstance)
                            .map(fact -> ((Fact.ApprovalAsked) fact).approvalId())
                            .findFirst()
                            .orElseThrow();
            assertThatThrownBy(() ->
                            node.post(id, new Sessions.Input.Approval(lapsed, true, null, false)))
                    .hasMessageContaining("not any more");
        }
    }

    /** Asked again at use: what was allowed yesterday may be forbidden today. */
    @Test
    void whatIsForbiddenSinceTheApprovalIsNotDone() throws Exception {
        try (Node node = node(buys("c1"), Scripted.says("Well."))) {
            String id = node.session(agent(server("shop")), "Buy it");
            node.until(id, Fact.ApprovalAsked.class::isInstance);
            View.Approval asked = first(node, id);
            policy = use -> ToolPolicy.Judgement.deny("The shop is closed.");
            node.post(id, answer(asked, true));
            node.until(id, count(Fact.TurnCompleted.class, 1));
            assertThat(shop.bought).isEmpty();
            assertThat(node.facts(id).toString()).contains("The shop is closed.");
        }
    }

    @Test
    void aSessionThatNobodyReviewsByHandIsDeniedWhatNeedsApproval() throws Exception {
        ScriptedMarket market = ScriptedMarket.of(buys("c1"), Scripted.says("Well."));
        try (Node node = node(market, "a", 3_600_000).started()) {
            var settings = SessionSettings.DEFAULT.withReview(SessionSettings.AUTO_REVIEW);
            var told = new Configuration(agent(server("shop")), Map.of(), settings);
            List<List<Part>> input = List.of(List.of(new Part.Text("Buy it", Extras.NONE)));
            String id =
                    node.sessions()
                            .create(ALICE, new Sessions.NewSession(told, input, null), null)
                            .id();
            node.until(id, count(Fact.TurnCompleted.class, 1));
            assertThat(shop.bought).isEmpty();
            assertThat(node.facts(id)).noneMatch(Fact.ApprovalAsked.class::isInstance);
            assertThat(market.requests().getLast().messages().toString())
                    .contains("Nobody reviews this session by hand. It spends money.");
        }
    }

    @Test
    void anApprovalForTheSessionCoversLaterCallsOfTheTool() throws Exception {
        try (Node node = node(buys("c1"), buys("c2"), Scripted.says("Done."))) {
            String id = node.session(agent(server("shop")), "Buy them");
            node.until(id, Fact.ApprovalAsked.class::isInstance);
            node.post(id, new Sessions.Input.Approval(first(node, id).id(), true, null, true));
            node.until(id, count(Fact.TurnCompleted.class, 1));
            assertThat(shop.bought).hasSize(2);
            assertThat(node.facts(id)).filteredOn(Fact.ApprovalAsked.class::isInstance).hasSize(1);
        }
    }

    /** E48b, E62c: waiting needs no process: another node goes on when the answer comes. */
    @Test
    void theAnswerReachesASessionWhoseNodeIsGone() throws Exception {
        ScriptedMarket market = ScriptedMarket.of(buys("c1"), Scripted.says("Done."));
        String id;
        try (Node node = node(market, "a", 3_600_000).started()) {
            id = node.session(agent(server("shop")), "Buy it");
            node.until(id, Fact.ApprovalAsked.class::isInstance);
        }
        Node door = node(market, "b", 3_600_000);
        door.post(id, answer(first(door, id), true));
        try (Node node = node(market, "c", 3_600_000).started()) {
            node.until(id, count(Fact.TurnCompleted.class, 1));
            assertThat(shop.bought).hasSize(1);
        }
    }

    @Test
    void aCancelledTurnClosesItsQuestions() throws Exception {
        try (Node node = node(buys("c1"), Scripted.says("Done."))) {
            String id = node.session(agent(server("shop")), "Buy it");
            node.until(id, Fact.ApprovalAsked.class::isInstance);
            View.Approval asked = first(node, id);
            node.post(id, new Sessions.Input.Cancel());
            node.until(id, Fact.TurnCancelled.class::isInstance);
            assertThat(open(node, id)).isEmpty();
            assertThat(node.sessions().awaitingApproval(ALICE, PAGE).data()).isEmpty();
            assertThatThrownBy(() -> node.post(id, answer(asked, true)))
                    .hasMessageContaining("its turn has ended");
            assertThat(shop.bought).isEmpty();
        }
    }
}
