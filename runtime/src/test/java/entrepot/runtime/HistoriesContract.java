package entrepot.runtime;

import static entrepot.runtime.Node.ALICE;
import static entrepot.runtime.Node.agent;
import static entrepot.runtime.Node.count;
import static entrepot.runtime.Node.function;
import static entrepot.runtime.Node.kinds;
import static entrepot.runtime.Node.says;
import static entrepot.runtime.Node.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.identity.Caller;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.replay.Rerun;
import entrepot.runtime.session.Histories;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Journals run again, forked and taken over, whichever database keeps them. */
abstract class HistoriesContract extends NodeContract {

    private static final Map<String, String> LABELS = Map.of("try", "2");

    private static ScriptedMarket asksThenSays(String... words) {
        Scripted[] script = new Scripted[words.length + 1];
        script[0] = Scripted.calls(Scripted.call("c1", "ask", "{}"));
        for (int at = 0; at < words.length; at++) {
            script[at + 1] = Scripted.says(words[at]);
        }
        return ScriptedMarket.of(script);
    }

    private static List<Journal.Recorded> journal(Node node, String id) {
        return node.runtime().histories().facts(ALICE, id, 0, 500);
    }

    private static void assertRunsAgain(Node node, String id) {
        Rerun rerun = Rerun.of(journal(node, id), Node.QUICK.limits());
        assertThat(rerun.difference()).isNull();
        View view = node.sessions().view(ALICE, id).orElseThrow();
        assertThat(rerun.items()).isEqualTo(view.items());
        assertThat(rerun.turns()).isEqualTo(view.turns());
    }

    private static Histories.Fork at(@Nullable Long seq) {
        return new Histories.Fork(seq, "other/model", LABELS, List.of(text("And now?")));
    }

    private static String fork(Node node, String id, Histories.Fork fork, @Nullable String key) {
        return node.runtime().histories().fork(ALICE, id, fork, key);
    }

    private static String asked(Node node) throws InterruptedException {
        String id = node.session(agent(function("ask")), "Hello");
        node.until(id, Fact.ResultsAwaited.class::isInstance);
        node.post(id, says("Hurry"));
        node.until(id, Fact.InputSteered.class::isInstance);
        node.post(id, result(turn(node, id), "c1"));
        node.until(id, Fact.TurnCompleted.class::isInstance);
        return id;
    }

    @Test
    void aSessionRunsAgainAlikeWhateverHappenedToIt() throws Exception {
        try (Node node = node(asksThenSays("Done.", "Again."))) {
            String id = asked(node);
            node.post(id, new Sessions.Input.Cancel());
            node.post(id, says("More"));
            node.until(id, count(Fact.TurnCompleted.class, 2));
            assertRunsAgain(node, id);
        }
    }

    @Test
    void aCancelledCallRunsAgainAlike() throws Exception {
        try (Node node = node(ScriptedMarket.of(Scripted.hangsAfter("Well")))) {
            String id = node.session(agent(), "Hello");
            node.until(id, Fact.ModelCallStarted.class::isInstance);
            node.post(id, new Sessions.Input.Cancel());
            node.until(id, Fact.TurnCancelled.class::isInstance);
            assertRunsAgain(node, id);
        }
    }

    @Test
    void aForkGoesItsOwnWayWithAnotherModel() throws Exception {
        ScriptedMarket market = asksThenSays("Done.", "Elsewhere.");
        try (Node node = node(market)) {
            String id = asked(node);
            List<Fact> before = node.facts(id);
            String fork = fork(node, id, at(null), null);
            node.until(fork, count(Fact.TurnCompleted.class, 2));
            assertThat(node.facts(id)).isEqualTo(before);
            List<Fact> facts = node.facts(fork);
            assertThat(facts.subList(0, before.size())).isEqualTo(before);
            assertThat(kinds(facts.subList(before.size(), before.size() + 2)))
                    .containsExactly("SessionForked", "TurnStarted");
            assertThat(market.orders().getLast().model()).isEqualTo("other/model");
            assertThat(market.requests().getLast().messages())
                    .hasSize(market.requests().get(1).messages().size() + 2);
            Sessions.Session made = node.sessions().find(ALICE, fork).orElseThrow();
            assertThat(made.ancestor()).isEqualTo(new Fact.Ancestor(id, before.size(), false));
            assertThat(made.metadata()).isEqualTo(LABELS);
            assertThat(made.usage()).isEqualTo(Scripted.USAGE);
            assertThat(node.sessions().find(ALICE, id).orElseThrow().ancestor()).isNull();
            assertRunsAgain(node, fork);
            assertThat(
                            node.sessions()
                                    .list(
                                            ALICE,
                                            new Sessions.Filter(null, LABELS),
                                            new Page.Query(null, 9, true))
                                    .data())
                    .extracting(Sessions.Session::id)
                    .containsExactly(fork);
        }
    }

    /** What is open at the place is closed in the copy, and goes on in the original. */
    @Test
    void aForkInTheMiddleOfATurnClosesItInTheCopy() throws Exception {
        try (Node node = node(asksThenSays("Done."))) {
            String id = node.session(agent(function("ask")), "Hello");
            node.until(id, Fact.ResultsAwaited.class::isInstance);
            String turn = turn(node, id);
            String fork = fork(node, id, new Histories.Fork(null, null, null, List.of()), null);
            View copy = node.sessions().view(ALICE, fork).orElseThrow();
            assertThat(copy.status()).isEqualTo(View.Status.IDLE);
            assertThat(copy.turns().getFirst().status()).isEqualTo(View.TurnStatus.CANCELLED);
            assertThat(copy.items().getLast().status()).isEqualTo(View.ItemStatus.INCOMPLETE);
            assertRunsAgain(node, fork);
            assertThatThrownBy(() -> node.post(fork, result(turn, "c1")))
                    .hasMessageContaining("Unknown pending tool call");
            node.post(id, result(turn, "c1"));
            node.until(id, Fact.TurnCompleted.class::isInstance);
            node.post(fork, says("Go on"));
            node.until(fork, Fact.TurnCompleted.class::isInstance);
            assertRunsAgain(node, fork);
        }
    }

    @Test
    void everyPlaceCanBeForkedAndTheForkRunsAgain() throws Exception {
        try (Node node = node(asksThenSays("Done."))) {
            String id = asked(node);
            long head = node.facts(id).size();
            for (long seq = 1; seq <= head; seq++) {
                Histories.Fork silent = new Histories.Fork(seq, null, null, List.of());
                assertRunsAgain(node, fork(node, id, silent, null));
            }
            assertThatThrownBy(() -> fork(node, id, at(head + 1), null))
                    .hasMessageContaining("has facts 1 to " + head);
            assertThatThrownBy(() -> fork(node, id, at(0L), null)).hasMessageContaining("'at'");
        }
    }

    @Test
    void aRepeatedForkGivesTheFirstOne() throws Exception {
        try (Node node = node(asksThenSays("Done."))) {
            String id = asked(node);
            String first = fork(node, id, at(2L), "key-1");
            assertThat(fork(node, id, at(2L), "key-1")).isEqualTo(first);
            assertThatThrownBy(() -> fork(node, id, at(3L), "key-1"))
                    .hasMessageContaining("another request");
        }
    }

    @Test
    void othersSeeNoHistory() throws Exception {
        try (Node node = node(asksThenSays("Done."))) {
            String id = asked(node);
            Histories histories = node.runtime().histories();
            assertThatThrownBy(() -> histories.facts(Node.caller("globex", "eve"), id, 0, 9))
                    .hasMessageContaining("no session");
            assertThatThrownBy(() -> histories.fork(Node.caller("globex", "eve"), id, at(2L), null))
                    .hasMessageContaining("no session");
        }
    }

    @Test
    void aJournalFromElsewhereIsTakenOverAndGoesOn() throws Exception {
        ScriptedMarket market = asksThenSays("Done.", "Here.");
        try (Node node = node(market)) {
            String id = asked(node);
            List<Journal.Recorded> journal = journal(node, id);
            View there = node.sessions().view(ALICE, id).orElseThrow();
            Histories histories = node.runtime().histories();
            assertThatThrownBy(() ->
                            histories.adopt(
                                    ALICE, new Histories.Foreign(id, journal, true), "d", null))
                    .hasMessageContaining("is taken here");
            Caller bob = Node.caller("globex", "bob");
            String made =
                    histories.adopt(bob, new Histories.Foreign(id, journal, true), "d", "key");
            assertThat(made).isEqualTo(id);
            assertThat(histories.adopt(bob, new Histories.Foreign(id, journal, true), "d", "key"))
                    .isEqualTo(id);
            View here = node.sessions().view(bob, made).orElseThrow();
            assertThat(here.items()).isEqualTo(there.items());
            assertThat(here.turns()).isEqualTo(there.turns());
            node.sessions().post(bob, made, List.of(says("Go on")), null);
            for (int left = 500; left > 0; left--) {
                if (node.sessions().view(bob, made).orElseThrow().turns().getLast().status()
                                == View.TurnStatus.COMPLETED
                        && node.sessions().view(bob, made).orElseThrow().turns().size() == 2) {
                    break;
                }
                Thread.sleep(20);
            }
            assertThat(node.sessions().view(bob, made).orElseThrow().items())
                    .hasSize(there.items().size() + 2);
            assertThat(market.orders().getLast().caller().tenant()).isEqualTo("globex");
            assertThat(node.sessions().find(bob, made).orElseThrow().ancestor())
                    .isEqualTo(new Fact.Ancestor(id, journal.size(), true));
        }
    }
}
