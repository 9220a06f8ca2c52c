package entrepot.runtime;

import static entrepot.conversation.Message.Role.ASSISTANT;
import static entrepot.conversation.Message.Role.SYSTEM;
import static entrepot.conversation.Message.Role.TOOL;
import static entrepot.conversation.Message.Role.USER;
import static entrepot.runtime.Node.ALICE;
import static entrepot.runtime.Node.agent;
import static entrepot.runtime.Node.count;
import static entrepot.runtime.Node.function;
import static entrepot.runtime.Node.kinds;
import static entrepot.runtime.Node.says;
import static entrepot.runtime.Node.text;
import static entrepot.runtime.tools.ToolServers.NONE;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import entrepot.conversation.Failure;
import entrepot.conversation.Message;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;
import entrepot.runtime.turn.TurnError;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

/** How turns go, whichever database keeps them. */
abstract class TurnsContract extends NodeContract {

    @Test
    void answersAnInputInOneTurn() throws Exception {
        try (Node node = node(ScriptedMarket.of(Scripted.says("Good ", "day.")))) {
            String id = node.session(agent(), "Hello");
            node.until(id, Fact.TurnCompleted.class::isInstance);
            assertThat(kinds(node.facts(id)))
                    .containsExactly(
                            "SessionCreated",
                            "TurnStarted",
                            "ModelCallStarted",
                            "ModelAnswered",
                            "TurnCompleted");
            View view = node.sessions().view(ALICE, id).orElseThrow();
            assertThat(view.status()).isEqualTo(View.Status.IDLE);
            assertThat(view.items()).hasSize(2);
        }
    }

    @Test
    void waitsForTheApplicationAndGoesOnWithItsResult() throws Exception {
        ScriptedMarket market =
                ScriptedMarket.of(
                        Scripted.calls(Scripted.call("c1", "ask", "{}")), Scripted.says("Done."));
        try (Node node = node(market)) {
            String id = node.session(agent(function("ask")), "Hello");
            node.until(id, Fact.ResultsAwaited.class::isInstance);
            View view = node.sessions().view(ALICE, id).orElseThrow();
            assertThat(view.status()).isEqualTo(View.Status.REQUIRES_ACTION);
            String turn = view.requiredActions().getFirst().turnId();
            node.post(id, new Sessions.Input.ToolResult(turn, "c1", true, text("42"), null));
            node.until(id, Fact.TurnCompleted.class::isInstance);
            assertThat(market.requests().getLast().messages()).hasSize(4);
        }
    }

    @Test
    void cancelsACallInFlight() throws Exception {
        ScriptedMarket market =
                ScriptedMarket.of(Scripted.hangsAfter("Well"), Scripted.says("Again."));
        try (Node node = node(market)) {
            String id = node.session(agent(), "Hello");
            node.until(id, Fact.ModelCallStarted.class::isInstance);
            node.post(id, new Sessions.Input.Cancel());
            node.until(id, Fact.TurnCancelled.class::isInstance);
            assertThat(kinds(node.facts(id)))
                    .endsWith("CancelAsked", "ModelCallFailed", "TurnCancelled");
            node.post(id, says("Once more"));
            node.until(id, count(Fact.TurnStarted.class, 2));
            node.until(id, Fact.TurnCompleted.class::isInstance);
            assertThat(market.cancelled()).isEqualTo(1);
        }
    }

    /** A24: a cancel that comes with, or right after, the first input takes effect. */
    @Test
    void aCancelInTheAdmissionWindowWorks() throws Exception {
        Node idle = Node.on(database, ScriptedMarket.of(Scripted.says("x")), NONE, "a");
        String id = idle.session(agent(), "Hello");
        idle.post(id, new Sessions.Input.Cancel());
        assertThat(idle.sessions().find(ALICE, id).orElseThrow().status())
                .isEqualTo(View.Status.IN_PROGRESS);
        try (Node node = idle.started()) {
            node.until(id, Fact.TurnCancelled.class::isInstance);
            assertThat(kinds(node.facts(id))).doesNotContain("ModelAnswered");
        }
    }

    /** E19, E62b: a message during a turn is seen by the next model call, and never lost. */
    @Test
    void aMessageDuringATurnSteersIt() throws Exception {
        ScriptedMarket market =
                ScriptedMarket.of(
                        Scripted.calls(Scripted.call("c1", "ask", "{}")), Scripted.says("Both."));
        try (Node node = node(market)) {
            String id = node.session(agent(function("ask")), "First");
            node.until(id, Fact.ResultsAwaited.class::isInstance);
            node.post(id, says("Second"));
            node.until(id, Fact.InputSteered.class::isInstance);
            node.post(id, result(turn(node, id), "c1"));
            node.until(id, Fact.TurnCompleted.class::isInstance);
            assertThat(market.requests().getLast().messages())
                    .extracting(Message::role)
                    .containsExactly(SYSTEM, USER, ASSISTANT, TOOL, USER);
            assertThat(node.sessions().view(ALICE, id).orElseThrow().turns()).hasSize(1);
        }
    }

    /** E33, E47: a failed turn says why, on the turn and on the session; the session goes on. */
    @Test
    void aModelThatKeepsFailingFailsTheTurnNotTheSession() throws Exception {
        Scripted away = new Scripted.Refuses(Failure.of(Failure.Cause.UNREACHABLE, "away"));
        ScriptedMarket market = ScriptedMarket.of(away, away, away, Scripted.says("Back."));
        try (Node node = node(market)) {
            String id = node.session(agent(), "Hello");
            node.until(id, Fact.TurnFailed.class::isInstance);
            View view = node.sessions().view(ALICE, id).orElseThrow();
            assertThat(view.turns().getFirst().errorCode()).isEqualTo("connection_failed");
            assertThat(view.error()).isEqualTo("away");
            assertThat(view.status()).isEqualTo(View.Status.IDLE);
            assertThat(market.orders())
                    .extracting(order -> requireNonNull(order.work()).attempt())
                    .containsExactly(1, 2, 3);
            node.post(id, says("Again"));
            node.until(id, Fact.TurnCompleted.class::isInstance);
            assertThat(node.sessions().find(ALICE, id).orElseThrow().error()).isNull();
        }
    }

    @Test
    void aRefusalThatCannotChangeIsNotTriedAgain() throws Exception {
        ScriptedMarket market =
                ScriptedMarket.of(
                        new Scripted.Refuses(
                                Failure.of(Failure.Cause.MODEL_NOT_FOUND, "no such model")));
        try (Node node = node(market)) {
            String id = node.session(agent(), "Hello");
            node.until(id, Fact.TurnFailed.class::isInstance);
            assertThat(market.orders()).hasSize(1);
        }
    }

    /** What broke off is void: the next attempt's text stands alone. */
    @Test
    void anAnswerThatBreaksOffIsMadeAnew() throws Exception {
        ScriptedMarket market =
                ScriptedMarket.of(
                        Scripted.breaksAfter(
                                "Wrong", Failure.of(Failure.Cause.SUPPLIER_FAILED, "broke")),
                        Scripted.says("Right."));
        try (Node node = node(market)) {
            String id = node.session(agent(), "Hello");
            node.until(id, Fact.TurnCompleted.class::isInstance);
            View view = node.sessions().view(ALICE, id).orElseThrow();
            assertThat(view.items()).hasSize(2);
            assertThat(view.usage()).isEqualTo(Scripted.USAGE);
        }
    }

    /** E5, E10, E11: a cold process goes on from what is stored. */
    @Test
    void aProcessThatComesLaterGoesOn() throws Exception {
        String id;
        ScriptedMarket first = ScriptedMarket.of(Scripted.calls(Scripted.call("c1", "ask", "{}")));
        try (Node node = node(first)) {
            id = node.session(agent(function("ask")), "Hello");
            node.until(id, Fact.ResultsAwaited.class::isInstance);
        }
        ScriptedMarket second = ScriptedMarket.of(Scripted.says("Done."));
        try (Node node = Node.on(database, second, NONE, "b")) {
            node.post(id, result(turn(node, id), "c1"));
            node.started();
            node.until(id, Fact.TurnCompleted.class::isInstance);
            assertThat(second.requests()).hasSize(1);
        }
    }

    /** ParkedSessionsHoldNoThread: E11, E17. */
    @Test
    void waitingSessionsAreNotDriven() throws Exception {
        ScriptedMarket market = ScriptedMarket.of(Scripted.calls(Scripted.call("c1", "ask", "{}")));
        try (Node node = node(market)) {
            for (int i = 0; i < 20; i++) {
                node.until(
                        node.session(agent(function("ask")), "Hello"),
                        Fact.ResultsAwaited.class::isInstance);
            }
            for (int left = 500; node.runtime().driving() > 0 && left > 0; left--) {
                Thread.sleep(10);
            }
            assertThat(node.runtime().driving()).isZero();
        }
    }

    /** Bounds: a turn that would go on for ever ends with a code of its own. */
    @Test
    void aTurnEndsAtItsLimitOfSteps() throws Exception {
        ScriptedMarket market =
                ScriptedMarket.answering(
                        request -> Scripted.calls(Scripted.call("same", "no_such_tool", "{}")));
        try (Node node = node(market)) {
            String id = node.session(agent(), "Hello");
            node.until(id, Fact.TurnFailed.class::isInstance);
            View view = node.sessions().view(ALICE, id).orElseThrow();
            assertThat(view.turns().getFirst().errorCode()).isEqualTo(TurnError.STEPS);
            assertThat(market.requests()).hasSize(Node.QUICK.limits().stepsMax());
            assertThat(view.items())
                    .filteredOn(View.Item.ToolUse.class::isInstance)
                    .hasSize(Node.QUICK.limits().stepsMax())
                    .allMatch(item -> item.status() == View.ItemStatus.FAILED);
        }
    }

    @Test
    void anAnswerWithoutEndIsCutOff() throws Exception {
        String[] pieces = new String[200];
        Arrays.fill(pieces, "x".repeat(1_000));
        try (Node node = node(ScriptedMarket.of(Scripted.says(pieces)))) {
            String id = node.session(agent(), "Hello");
            node.until(id, Fact.TurnFailed.class::isInstance);
            View view = node.sessions().view(ALICE, id).orElseThrow();
            assertThat(view.turns().getFirst().errorCode()).isEqualTo(TurnError.OUTPUT);
        }
    }
}
