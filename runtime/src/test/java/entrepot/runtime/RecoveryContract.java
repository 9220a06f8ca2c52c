package entrepot.runtime;

import static entrepot.runtime.Node.ALICE;
import static entrepot.runtime.Node.agent;
import static entrepot.runtime.Node.count;
import static entrepot.runtime.Node.kinds;
import static entrepot.runtime.Node.text;
import static entrepot.runtime.tools.ToolServers.NONE;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Message;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.FactCodec;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.journal.SessionKey;
import entrepot.runtime.journal.Step;
import entrepot.runtime.schedule.CountedTools;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;
import entrepot.runtime.turn.Replay;
import entrepot.runtime.turn.Summary;
import entrepot.runtime.turn.TurnError;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** How a session goes on after the process that drove it was killed at some fact. */
abstract class RecoveryContract extends NodeContract {

    private static final AgentSnapshot AGENT = agent(Node.server("world"));
    private static final String TURN = "turn_1";

    private final List<String> used = new CopyOnWriteArrayList<>();
    private final CountedTools tools = new CountedTools(use -> used.add(use.name()));

    /** A session whose owner died after these facts. */
    private String left(Fact... facts) {
        Node dead = Node.on(database, ScriptedMarket.of(Scripted.says("never")), tools, "dead");
        String id = dead.session(AGENT, "Hello");
        List<Fact> all = new ArrayList<>(dead.facts(id));
        all.addAll(List.of(facts));
        Step step =
                new Step(
                        new SessionKey("acme", id),
                        0,
                        1,
                        List.of(facts),
                        1,
                        Summary.of(Replay.of(all)).written(),
                        0,
                        new Step.Then.Keep(60_000));
        assertThat(new Journal(database, new FactCodec()).append(step))
                .isInstanceOf(Step.Written.Done.class);
        return id;
    }

    private static Fact started() {
        return new Fact.TurnStarted(TURN, List.of(new Fact.UserItem("msg_1", text("Hello"))), 1);
    }

    private static Fact calling() {
        return new Fact.ModelCallStarted(TURN, 1, 1, "ord_1");
    }

    private static Fact asked(String... names) {
        List<Fact.AnswerItem> items = new ArrayList<>();
        for (String name : names) {
            items.add(new Fact.AnswerItem("fc_" + name, Scripted.call("c_" + name, name, "{}")));
        }
        return new Fact.ModelAnswered(
                TURN, 1, 1, items, StopReason.TOOL_CALLS, Usage.NONE, "rcpt_1");
    }

    private static Fact intent(String name) {
        return new Fact.ToolStarted(TURN, "c_" + name, "fc_" + name, "world", name, "{}", "key");
    }

    /** E2, E68: a lost model call is made again as a new attempt that anybody can see. */
    @Test
    void aLostModelCallIsANewNumberedAttempt() throws Exception {
        String id = left(started(), calling());
        ScriptedMarket market = ScriptedMarket.of(Scripted.says("Here."));
        try (Node node = Node.on(database, market, tools, "a").started()) {
            node.until(id, Fact.TurnCompleted.class::isInstance);
            assertThat(kinds(node.facts(id)))
                    .containsExactly(
                            "SessionCreated",
                            "TurnStarted",
                            "ModelCallStarted",
                            "ModelCallFailed",
                            "ModelCallStarted",
                            "ModelAnswered",
                            "TurnCompleted");
            assertThat(Objects.requireNonNull(market.orders().getFirst().work()).attempt())
                    .isEqualTo(2);
        }
    }

    /** E1, E41: only what may run again does; of the rest the model is told that nobody knows. */
    @Test
    void aToolInFlightRunsAgainOnlyIfItMay() throws Exception {
        String id =
                left(
                        started(),
                        calling(),
                        asked("look", "change"),
                        intent("look"),
                        intent("change"));
        ScriptedMarket market = ScriptedMarket.of(Scripted.says("I see."));
        try (Node node = Node.on(database, market, tools, "a").started()) {
            node.until(id, Fact.TurnCompleted.class::isInstance);
            assertThat(used).containsExactly("look");
            Message told = market.requests().getFirst().messages().getLast();
            assertThat(((Part.ToolResult) told.parts().getFirst()).content().toString())
                    .contains("outcome of this call is unknown");
            View view = node.sessions().view(ALICE, id).orElseThrow();
            assertThat(view.items())
                    .filteredOn(View.Item.ToolUse.class::isInstance)
                    .extracting(View.Item::status)
                    .containsExactly(View.ItemStatus.COMPLETED, View.ItemStatus.INCOMPLETE);
        }
    }

    /** E3, E5: what is recorded is not done again, and what was only asked for is done now. */
    @Test
    void aRecordedResultStandsAndTheRestGoesOn() throws Exception {
        String id =
                left(
                        started(),
                        calling(),
                        asked("look", "change"),
                        intent("look"),
                        new Fact.ToolReturned(TURN, "c_look", text("seen"), false, 1));
        ScriptedMarket market = ScriptedMarket.of(Scripted.says("Done."));
        try (Node node = Node.on(database, market, tools, "a").started()) {
            node.until(id, Fact.TurnCompleted.class::isInstance);
            assertThat(used).containsExactly("change");
        }
    }

    /** A turn that takes its owners down, one after the other, is given up. */
    @Test
    void aPoisonedTurnIsQuarantined() throws Exception {
        String id = left(started(), calling(), asked("look"), intent("look"));
        database.once(sql -> sql.update("update session set attempts = 5"));
        ScriptedMarket market = ScriptedMarket.of(Scripted.says("never"));
        try (Node node = Node.on(database, market, tools, "a").started()) {
            node.until(id, Fact.TurnFailed.class::isInstance);
            View view = node.sessions().view(ALICE, id).orElseThrow();
            assertThat(view.turns().getFirst().errorCode()).isEqualTo(TurnError.INTERNAL);
            assertThat(used).isEmpty();
        }
    }

    /** A name that no tool has is told to the model, which may do better. */
    @Test
    void anUnknownToolIsAFailedResult() throws Exception {
        ScriptedMarket market =
                ScriptedMarket.of(
                        Scripted.calls(Scripted.call("c1", "fly", "{}")), Scripted.says("Sorry."));
        try (Node node = Node.on(database, market, tools, "a").started()) {
            String id = node.session(AGENT, "Hello");
            node.until(id, Fact.TurnCompleted.class::isInstance);
            assertThat(market.requests().getLast().messages().getLast().toString())
                    .contains("There is no tool fly");
        }
    }

    /** E48d: mixed calls: ours run at once, and the application's are not held up by them. */
    @Test
    void ourToolsRunWhileTheApplicationIsAsked() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        CountedTools slow = new CountedTools(use -> await(answered));
        ScriptedMarket market =
                ScriptedMarket.of(
                        Scripted.calls(
                                Scripted.call("c1", "ask", "{}"),
                                Scripted.call("c2", "look", "{}")),
                        Scripted.says("Both."));
        try (Node node = Node.on(database, market, slow, "a").started()) {
            String id = node.session(agent(Node.function("ask"), Node.server("world")), "Hello");
            node.until(id, Fact.ToolStarted.class::isInstance);
            View view = node.sessions().view(ALICE, id).orElseThrow();
            assertThat(view.status()).isEqualTo(View.Status.REQUIRES_ACTION);
            node.post(
                    id,
                    new Sessions.Input.ToolResult(
                            view.turns().getFirst().id(), "c1", true, text("yes"), null));
            answered.countDown();
            node.until(id, Fact.TurnCompleted.class::isInstance);
            assertThat(node.facts(id)).filteredOn(Fact.ResultAccepted.class::isInstance).hasSize(1);
        }
    }

    /** E45, E61: a cancel ends a tool that runs; its outcome is said to be unknown. */
    @Test
    void aCancelEndsAToolThatRuns() throws Exception {
        CountedTools stuck = new CountedTools(use -> await(new CountDownLatch(1)));
        ScriptedMarket market =
                ScriptedMarket.of(Scripted.calls(Scripted.call("c1", "change", "{}")));
        try (Node node = Node.on(database, market, stuck, "a").started()) {
            String id = node.session(AGENT, "Hello");
            node.until(id, Fact.ToolStarted.class::isInstance);
            node.post(id, new Sessions.Input.Cancel());
            node.until(id, Fact.TurnCancelled.class::isInstance);
            assertThat(kinds(node.facts(id)))
                    .endsWith("CancelAsked", "ToolOutcomeUnknown", "TurnCancelled");
        }
    }

    /** SIGTERM: the step at hand is finished, nothing new is begun, and another node goes on. */
    @Test
    void aNodeThatStopsLeavesItsWorkToTheNext() throws Exception {
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch seen = new CountDownLatch(1);
        CountedTools slow =
                new CountedTools(use -> {
                    looking.countDown();
                    await(seen);
                });
        ScriptedMarket first =
                ScriptedMarket.of(
                        Scripted.calls(Scripted.call("c1", "look", "{}")), Scripted.says("never"));
        Node stopping = Node.on(database, first, slow, "a").started();
        String id = stopping.session(AGENT, "Hello");
        looking.await();
        Thread stop =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                stopping.runtime().stop(20_000);
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                        });
        while (stop.getState() == Thread.State.RUNNABLE || stop.getState() == Thread.State.NEW) {
            Thread.onSpinWait();
        }
        Thread.sleep(300);
        seen.countDown();
        stop.join();
        assertThat(kinds(stopping.facts(id))).endsWith("ToolReturned");
        assertThat(first.requests()).hasSize(1);
        ScriptedMarket second = ScriptedMarket.of(Scripted.says("Done."));
        try (Node next = Node.on(database, second, NONE, "b").started()) {
            next.until(id, count(Fact.TurnCompleted.class, 1));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
