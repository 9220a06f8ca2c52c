package entrepot.runtime.subagents;

import static entrepot.runtime.Node.ALICE;
import static entrepot.runtime.Node.count;
import static entrepot.runtime.Node.server;
import static entrepot.runtime.Node.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Extras;
import entrepot.conversation.Failure;
import entrepot.conversation.Message;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.Tool;
import entrepot.runtime.Node;
import entrepot.runtime.NodeContract;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.approvals.ToolPolicy;
import entrepot.runtime.driver.Driver;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.replay.Rerun;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServers;
import entrepot.runtime.turn.Limits;
import entrepot.store.Page;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Coordinators and their subagents, whichever database keeps them. */
abstract class SubagentsContract extends NodeContract {

    private static final Page.Query PAGE = new Page.Query(null, 50, true);
    private static final Pattern ID = Pattern.compile("sub_[A-Za-z0-9_-]+");

    /** An agent that may have three subagents at once. */
    private static AgentSnapshot coordinator(AgentSnapshot.ToolSpec... tools) {
        ObjectNode settings = JsonMapper.shared().createObjectNode();
        settings.putObject("multi_agent").put("enabled", true).put("max_concurrent_subagents", 3);
        return new AgentSnapshot(
                "agent_test", "Chief", "scripted", "Be brief.", List.of(tools), settings);
    }

    private static boolean isSubagent(Request request) {
        return request.messages().getFirst().text().contains("You are a subagent");
    }

    /** The ids of subagents that results have named, in order. */
    private static List<String> ids(Request request) {
        List<String> ids = new ArrayList<>();
        for (Message message : request.messages()) {
            Matcher matcher = ID.matcher(message.toString());
            while (matcher.find()) {
                if (!ids.contains(matcher.group())) {
                    ids.add(matcher.group());
                }
            }
        }
        return ids;
    }

    private static long answers(Request request) {
        return request.messages().stream()
                .filter(each -> each.role() == Message.Role.ASSISTANT)
                .count();
    }

    private static Part.ToolCall call(String id, String tool, String arguments) {
        return Scripted.call(id, tool, arguments);
    }

    private static Part.ToolCall create(String id, String task) {
        return call(id, "create_subagent", "{\"input\":\"" + task + "\",\"name\":\"" + id + "\"}");
    }

    private static Scripted waits(Request request) {
        String ids = String.join("\",\"", ids(request));
        return Scripted.calls(
                call("w", "wait_for_subagents", "{\"subagent_ids\":[\"" + ids + "\"]}"));
    }

    private static ScriptedMarket market(
            Function<Request, Scripted> chief, Function<Request, Scripted> subagent) {
        return ScriptedMarket.answering(
                request -> isSubagent(request) ? subagent.apply(request) : chief.apply(request));
    }

    /** Makes two, waits for both, and says what they said. */
    private static Scripted twoAndWait(Request request) {
        return switch ((int) answers(request)) {
            case 0 -> Scripted.calls(create("one", "Look left"), create("two", "Look right"));
            case 1 -> waits(request);
            default -> Scripted.says("Both looked.");
        };
    }

    private List<Sessions.Subagent> subagents(Node node, String id) {
        return node.sessions().subagents(ALICE, id, PAGE).data();
    }

    @Test
    void aCoordinatorWaitsForItsSubagentsWithoutAThread() throws Exception {
        ScriptedMarket market =
                market(
                        SubagentsContract::twoAndWait,
                        request ->
                                Scripted.says(
                                        "I did: " + request.messages().getLast().text() + "."));
        try (Node node = node(market)) {
            String id = node.session(coordinator(), "Look both ways");
            node.until(id, count(Fact.TurnCompleted.class, 1));
            List<Sessions.Subagent> made = subagents(node, id);
            assertThat(made).extracting(each -> each.parent().name()).containsExactly("one", "two");
            assertThat(made.getFirst().task()).isEqualTo(text("Look left"));
            assertThat(made).allMatch(each -> each.closedSeconds() == null);
            Request last = market.requests().getLast();
            assertThat(last.messages().getLast().toString())
                    .contains("I did: Look left.")
                    .contains("I did: Look right.");
            assertThat(node.facts(id))
                    .filteredOn(Fact.SubagentReported.class::isInstance)
                    .hasSize(2);
            // E17: not in the list of sessions, and nobody but its coordinator speaks to it.
            assertThat(node.sessions().list(ALICE, Sessions.Filter.ALL, PAGE).data())
                    .extracting(Sessions.Session::id)
                    .containsExactly(id);
            String child = made.getFirst().id();
            assertThat(node.sessions().find(ALICE, child)).isEmpty();
            assertThatThrownBy(() -> node.post(child, Node.says("Hello")))
                    .hasMessageContaining("no session");
            View view = node.sessions().view(ALICE, child).orElseThrow();
            assertThat(view.turns()).hasSize(1);
            assertThat(view.items()).hasSize(2);
        }
    }

    /** E16: a coordinator that is idle goes on when a subagent ends. */
    @Test
    void anIdleCoordinatorIsWokenByTheEndOfASubagent() throws Exception {
        ScriptedMarket market =
                market(
                        request ->
                                answers(request) == 0
                                        ? Scripted.calls(create("one", "Look left"))
                                        : Scripted.says("Well."),
                        request -> Scripted.says("Nothing there."));
        try (Node node = node(market)) {
            String id = node.session(coordinator(), "Look left in the background");
            node.until(id, count(Fact.SubagentReported.class, 1));
            // In the turn that was open then, or in one that began with it.
            node.until(id, fact -> fact instanceof Fact.TurnCompleted && isAfterReport(node, id));
            assertThat(market.requests().toString()).contains("Nothing there.");
            View view = node.sessions().view(ALICE, id).orElseThrow();
            assertThat(view.items())
                    .filteredOn(View.Item.AgentMessage.class::isInstance)
                    .hasSize(1)
                    .allMatch(item ->
                            ((View.Item.AgentMessage) item).recipientId().equals("agent_test"));
        }
    }

    private static boolean isAfterReport(Node node, String id) {
        List<Fact> facts = node.facts(id);
        int reported = 0;
        while (!(facts.get(reported) instanceof Fact.SubagentReported)) {
            reported++;
        }
        return facts.subList(reported, facts.size()).stream()
                .anyMatch(Fact.TurnCompleted.class::isInstance);
    }

    /** E57, E59: a cancelled coordinator takes its subagents with it, and is not woken by them. */
    @Test
    void cancellingTheRootCancelsTheTree() throws Exception {
        ScriptedMarket market =
                market(SubagentsContract::twoAndWait, request -> Scripted.hangsAfter("I am"));
        try (Node node = node(market)) {
            String id = node.session(coordinator(), "Look both ways");
            node.until(id, Fact.SubagentsAwaited.class::isInstance);
            List<String> children =
                    subagents(node, id).stream().map(Sessions.Subagent::id).toList();
            for (String child : children) {
                node.until(child, Fact.ModelCallStarted.class::isInstance);
            }
            node.post(id, new Sessions.Input.Cancel());
            node.until(id, count(Fact.TurnCancelled.class, 1));
            for (String child : children) {
                node.until(child, count(Fact.TurnCancelled.class, 1));
            }
            node.until(id, count(Fact.SubagentReported.class, 2));
            assertThat(subagents(node, id)).allMatch(each -> each.closedSeconds() != null);
            assertThat(node.facts(id)).filteredOn(Fact.TurnStarted.class::isInstance).hasSize(1);
            assertThat(node.facts(id))
                    .filteredOn(Fact.SubagentReported.class::isInstance)
                    .allMatch(fact -> !((Fact.SubagentReported) fact).starts());
            assertThat(node.sessions().find(ALICE, id).orElseThrow().status())
                    .isEqualTo(View.Status.IDLE);
        }
    }

    /** E57: also where the coordinator's turn fails. */
    @Test
    void aFailedCoordinatorClosesItsSubagents() throws Exception {
        Failure gone = Failure.of(Failure.Cause.INVALID_REQUEST, "no such thing");
        ScriptedMarket market =
                market(
                        request ->
                                answers(request) == 0
                                        ? Scripted.calls(create("one", "Look left"))
                                        : new Scripted.Refuses(gone),
                        request -> Scripted.hangsAfter("I am"));
        try (Node node = node(market)) {
            String id = node.session(coordinator(), "Look left");
            node.until(id, Fact.TurnFailed.class::isInstance);
            String child = subagents(node, id).getFirst().id();
            node.until(child, Fact.TurnCancelled.class::isInstance);
            assertThat(subagents(node, id).getFirst().closedSeconds()).isNotNull();
        }
    }

    @Test
    void deletingTheRootDeletesTheTree() throws Exception {
        ScriptedMarket market =
                market(SubagentsContract::twoAndWait, request -> Scripted.says("Done."));
        try (Node node = node(market)) {
            String id = node.session(coordinator(), "Look both ways");
            node.until(id, count(Fact.TurnCompleted.class, 1));
            String child = subagents(node, id).getFirst().id();
            node.sessions().delete(ALICE, id);
            assertThat(node.sessions().view(ALICE, child)).isEmpty();
            long left =
                    database.read(sql ->
                            sql.one(
                                            "select count(*) as found from fact",
                                            row -> row.number("found"))
                                    .orElseThrow());
            assertThat(left).isZero();
        }
    }

    /** E44: the question of a subagent is asked and answered at the root. */
    @Test
    void approvalsOfSubagentsSurfaceAtTheRoot() throws Exception {
        List<String> bought = new CopyOnWriteArrayList<>();
        ToolServers shop = (spec, context) -> Optional.of(shop(bought));
        ToolPolicy policy =
                use ->
                        use.tool().equals("buy")
                                ? ToolPolicy.Judgement.ask("It spends money.")
                                : ToolPolicy.Judgement.ALLOWED;
        ScriptedMarket market =
                market(
                        SubagentsContract::twoAndWait,
                        request ->
                                answers(request) == 0
                                        ? Scripted.calls(call("b", "buy", "{}"))
                                        : Scripted.says("Done."));
        try (Node node =
                Node.on(database, market, new Driver.Tools(shop, policy), "a", waitsLong())
                        .started()) {
            String id = node.session(coordinator(server("shop")), "Buy both");
            node.until(id, count(Fact.SubagentAsked.class, 2));
            Sessions.Session session = node.sessions().find(ALICE, id).orElseThrow();
            assertThat(session.status()).isEqualTo(View.Status.REQUIRES_ACTION);
            assertThat(session.requiredActions()).hasSize(2);
            assertThat(node.sessions().awaitingApproval(ALICE, PAGE).data())
                    .extracting(Sessions.Session::id)
                    .containsExactly(id);
            for (View.RequiredAction action : session.requiredActions()) {
                assertThat(action.path()).hasSize(1);
                String asked = Objects.requireNonNull(action.approval()).id();
                node.post(id, new Sessions.Input.Approval(asked, true, null, false));
                node.post(id, new Sessions.Input.Approval(asked, true, null, false));
                assertThatThrownBy(() ->
                                node.post(
                                        id, new Sessions.Input.Approval(asked, false, null, false)))
                        .hasMessageContaining("alice has approved this already");
            }
            node.until(id, count(Fact.TurnCompleted.class, 1));
            assertThat(bought).hasSize(2);
            assertThat(node.sessions().find(ALICE, id).orElseThrow().requiredActions()).isEmpty();
        }
    }

    private static entrepot.runtime.driver.DriverSettings waitsLong() {
        return new entrepot.runtime.driver.DriverSettings(
                new Limits(8, 3, 20, 4, 10_000), 30_000, 10_000, 3_600_000, 20, 8192, 5, 5, 100);
    }

    private static ToolServer shop(List<String> bought) {
        return new ToolServer() {
            @Override
            public List<Offer> offers() {
                return List.of(
                        new Offer(
                                new Tool.Function("buy", "Buys it.", null, null, Extras.NONE),
                                Effect.ONCE));
            }

            @Override
            public Result use(Use use) {
                bought.add(use.sessionId());
                return Result.text("bought");
            }
        };
    }

    /** Closed, it takes nothing; resumed, it remembers. */
    @Test
    void aClosedSubagentIsResumedWithAllThatItRemembers() throws Exception {
        ScriptedMarket market =
                market(
                        request -> {
                            String first = ids(request).isEmpty() ? "" : ids(request).getFirst();
                            String one = "\"subagent_id\":\"" + first + "\"";
                            return switch ((int) answers(request)) {
                                case 0 -> Scripted.calls(create("one", "Remember 7"));
                                case 1 -> waits(request);
                                case 2 ->
                                        Scripted.calls(
                                                call("x", "close_subagent", "{" + one + "}"));
                                case 3 ->
                                        Scripted.calls(
                                                call(
                                                        "s",
                                                        "send_subagent_input",
                                                        "{"
                                                                + one
                                                                + ",\"input\":\"Still there?\"}"));
                                case 4 ->
                                        Scripted.calls(
                                                call(
                                                        "r",
                                                        "resume_subagent",
                                                        "{"
                                                                + one
                                                                + ",\"input\":\"What was it?\"}"));
                                case 5 -> waits(request);
                                default -> Scripted.says("It remembers.");
                            };
                        },
                        request -> Scripted.says("I know " + request.messages().size()));
        try (Node node = node(market)) {
            String id = node.session(coordinator(), "Test its memory");
            node.until(id, count(Fact.TurnCompleted.class, 1));
            Request last = market.requests().getLast();
            assertThat(last.messages().toString())
                    .contains("is closed: resume it first")
                    .contains("I know 4");
            assertThat(subagents(node, id)).hasSize(1);
            assertThat(subagents(node, id).getFirst().closedSeconds()).isNull();
        }
    }

    /** No more than the agent allows; and one who is refused is told what would help. */
    @Test
    void subagentsHaveALimit() throws Exception {
        ScriptedMarket market =
                market(
                        request ->
                                answers(request) == 0
                                        ? Scripted.calls(
                                                create("a", "1"),
                                                create("b", "2"),
                                                create("c", "3"),
                                                create("d", "4"))
                                        : Scripted.says("Well."),
                        request -> Scripted.hangsAfter("I am"));
        try (Node node = node(market)) {
            String id = node.session(coordinator(), "Make four");
            node.until(id, count(Fact.TurnCompleted.class, 1));
            assertThat(subagents(node, id)).hasSize(3);
            assertThat(market.requests().toString())
                    .contains("There are 3 open subagents, and there may be 3: close one first.");
        }
    }

    /** E12, E58: the wait is for the same subagents after the process is gone. */
    @Test
    void anotherNodeGoesOnWithTheSameSubagents() throws Exception {
        ScriptedMarket hanging =
                market(SubagentsContract::twoAndWait, request -> Scripted.hangsAfter("I am"));
        String id;
        List<String> before;
        try (Node node = node(hanging)) {
            id = node.session(coordinator(), "Look both ways");
            node.until(id, Fact.SubagentsAwaited.class::isInstance);
            before = subagents(node, id).stream().map(Sessions.Subagent::id).toList();
        }
        ScriptedMarket market =
                market(SubagentsContract::twoAndWait, request -> Scripted.says("Done."));
        try (Node node = Node.on(database, market, ToolServers.NONE, "b").started()) {
            node.until(id, count(Fact.TurnCompleted.class, 1));
            assertThat(subagents(node, id))
                    .extracting(Sessions.Subagent::id)
                    .containsExactlyElementsOf(before);
            assertThat(node.facts(id))
                    .filteredOn(Fact.SubagentReported.class::isInstance)
                    .hasSize(2);
        }
    }

    /** A replay asks nobody and makes nothing. */
    @Test
    void aSessionWithSubagentsRunsAgainAlike() throws Exception {
        ScriptedMarket market =
                market(SubagentsContract::twoAndWait, request -> Scripted.says("Done."));
        try (Node node = node(market)) {
            String id = node.session(coordinator(), "Look both ways");
            node.until(id, count(Fact.TurnCompleted.class, 1));
            int calls = market.requests().size();
            List<Journal.Recorded> journal = node.runtime().histories().facts(ALICE, id, 0, 1_000);
            Rerun rerun = Rerun.of(journal, Node.QUICK.limits());
            assertThat(rerun.difference()).isNull();
            assertThat(rerun.items())
                    .isEqualTo(node.sessions().view(ALICE, id).orElseThrow().items());
            String child = subagents(node, id).getFirst().id();
            List<Journal.Recorded> below = node.runtime().histories().facts(ALICE, child, 0, 1_000);
            assertThat(Rerun.of(below, Node.QUICK.limits()).difference()).isNull();
            assertThat(market.requests()).hasSize(calls);
            assertThat(subagents(node, id)).hasSize(2);
        }
    }
}
