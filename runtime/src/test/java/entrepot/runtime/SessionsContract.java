package entrepot.runtime;

import static entrepot.runtime.Node.ALICE;
import static entrepot.runtime.Node.agent;
import static entrepot.runtime.Node.count;
import static entrepot.runtime.Node.function;
import static entrepot.runtime.Node.kinds;
import static entrepot.runtime.Node.says;
import static entrepot.runtime.Node.text;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.runtime.facts.Fact;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;
import entrepot.runtime.tools.ToolServers;
import entrepot.store.Database;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** What sessions promise, whichever database keeps them. */
abstract class SessionsContract {

    @TempDir Path folder;
    private Database database;

    abstract Database open(Path folder);

    @BeforeEach
    void openDatabase() {
        database = open(folder);
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    private Node node(ScriptedMarket market) {
        return Node.on(database, market, ToolServers.NONE, "a").started();
    }

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
}
