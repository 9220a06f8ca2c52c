package entrepot.runtime;

import static entrepot.conversation.Failure.Cause.CONFLICT;
import static entrepot.conversation.Failure.Cause.INVALID_REQUEST;
import static entrepot.conversation.Failure.Cause.NOT_FOUND;
import static entrepot.runtime.Node.ALICE;
import static entrepot.runtime.Node.agent;
import static entrepot.runtime.Node.count;
import static entrepot.runtime.Node.function;
import static entrepot.runtime.Node.says;
import static entrepot.runtime.Node.text;
import static entrepot.runtime.session.Sessions.Filter.ALL;
import static entrepot.runtime.tools.ToolServers.NONE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.identity.Caller;
import entrepot.market.Order;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.agents.Agents;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.session.Cursor;
import entrepot.runtime.session.Entry;
import entrepot.runtime.session.Feed;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the door to sessions promises, whichever database keeps them. */
abstract class SessionsContract extends NodeContract {

    /** A24: a repeated request is the same request; another under its key is refused. */
    @Test
    void aRepeatedCreateGivesTheFirstSessionAndNoSecondTurn() throws Exception {
        try (Node node = node(ScriptedMarket.of(Scripted.says("Once.")))) {
            Sessions.NewSession wanted =
                    new Sessions.NewSession(agent(), Map.of("a", "1"), List.of(text("Hello")));
            String id = node.sessions().create(ALICE, wanted, "key-1").id();
            assertThat(node.sessions().create(ALICE, wanted, "key-1").id()).isEqualTo(id);
            assertThat(node.sessions().create(ALICE, wanted, "key-2").id()).isNotEqualTo(id);
            assertRefused(
                    CONFLICT,
                    () ->
                            node.sessions()
                                    .create(
                                            ALICE,
                                            new Sessions.NewSession(
                                                    agent(), Map.of(), List.of(text("Other"))),
                                            "key-1"));
            node.until(id, Fact.TurnCompleted.class::isInstance);
            node.sessions().post(ALICE, id, List.of(says("More")), "post-1");
            node.sessions().post(ALICE, id, List.of(says("More")), "post-1");
            assertRefused(
                    CONFLICT,
                    () -> node.sessions().post(ALICE, id, List.of(says("Else")), "post-1"));
            node.until(id, count(Fact.TurnCompleted.class, 2));
            assertThat(node.sessions().view(ALICE, id).orElseThrow().turns()).hasSize(2);
        }
    }

    /** A7, A23.5, E13: results that came already are taken as read; others are refused by name. */
    @Test
    void resultsCountOnceAndOnlyForCallsThatWait() throws Exception {
        ScriptedMarket market =
                ScriptedMarket.of(
                        Scripted.calls(
                                Scripted.call("c1", "ask", "{}"), Scripted.call("c2", "ask", "{}")),
                        Scripted.says("Done."));
        try (Node node = node(market)) {
            String id = node.session(agent(function("ask")), "Hello");
            node.until(id, Fact.ResultsAwaited.class::isInstance);
            String turn = turn(node, id);
            Sessions.Input first = result(turn, "c1");
            node.post(id, first);
            node.post(id, first);
            View view = node.sessions().view(ALICE, id).orElseThrow();
            assertThat(view.requiredActions())
                    .extracting(View.RequiredAction::callId)
                    .containsExactly("c2");
            assertThatThrownBy(() -> node.post(id, result(turn, "c9"), says("not taken either")))
                    .hasMessageContaining("Unknown pending tool call: c9");
            node.post(id, result(turn, "c2"));
            node.until(id, Fact.TurnCompleted.class::isInstance);
            node.post(id, first);
            assertThatThrownBy(() -> node.post(id, result("turn_other", "c1")))
                    .hasMessageContaining("Unknown pending tool call: c1");
            assertThat(node.facts(id).stream().filter(Fact.ResultAccepted.class::isInstance))
                    .hasSize(2);
            assertThat(node.facts(id).stream().filter(Fact.InputSteered.class::isInstance))
                    .isEmpty();
        }
    }

    /** E45, E61, A24: a cancel closes what waits; late results are refused; the session lives. */
    @Test
    void aCancelClosesWaitingCallsForGood() throws Exception {
        ScriptedMarket market =
                ScriptedMarket.of(
                        Scripted.calls(Scripted.call("c1", "ask", "{}")), Scripted.says("Fine."));
        try (Node node = node(market)) {
            String id = node.session(agent(function("ask")), "Hello");
            node.until(id, Fact.ResultsAwaited.class::isInstance);
            String turn = turn(node, id);
            node.post(id, new Sessions.Input.Cancel());
            assertThatThrownBy(() -> node.post(id, result(turn, "c1")))
                    .hasMessageContaining("Unknown pending tool call: c1");
            node.until(id, Fact.TurnCancelled.class::isInstance);
            node.post(id, new Sessions.Input.Cancel());
            node.post(id, says("Next"));
            node.until(id, Fact.TurnCompleted.class::isInstance);
            View view = node.sessions().view(ALICE, id).orElseThrow();
            assertThat(view.requiredActions()).isEmpty();
            assertThat(view.items().get(1).status()).isEqualTo(View.ItemStatus.INCOMPLETE);
        }
    }

    /** E9, E22, E24, E26, E31: a stream is the table; every reader reads the same, in order. */
    @Test
    void everyReaderSeesTheSameFromWhereverItBegins() throws Exception {
        String[] pieces = "one two three four five six seven".split("(?<= )");
        try (Node node = node(ScriptedMarket.of(Scripted.says(pieces)))) {
            String id = node.session(agent(), "Hello");
            List<Entry> whole = node.until(id, Fact.TurnCompleted.class::isInstance);
            assertThat(whole).extracting(Entry::cursor).isSorted().doesNotHaveDuplicates();
            StringBuilder text = new StringBuilder();
            for (Entry entry : whole) {
                if (entry instanceof Entry.Piece piece) {
                    text.append(piece.text());
                }
            }
            assertThat(text).hasToString("one two three four five six seven");
            for (int from = 0; from < whole.size(); from++) {
                Cursor after = from == 0 ? Cursor.START : whole.get(from - 1).cursor();
                try (Feed feed = node.sessions().follow(ALICE, id, after)) {
                    assertThat(feed.next(Duration.ofSeconds(5)))
                            .usingRecursiveFieldByFieldElementComparator()
                            .containsExactlyElementsOf(whole.subList(from, whole.size()));
                }
            }
            try (Feed live = node.sessions().follow(ALICE, id, null)) {
                assertThat(live.next(Duration.ZERO)).isEmpty();
                node.post(id, says("More"));
                List<Entry> next = live.next(Duration.ofSeconds(20));
                assertThat(((Entry.Recorded) next.getFirst()).fact())
                        .isInstanceOf(Fact.TurnStarted.class);
            }
        }
    }

    /** E77, E60: what is open is not deleted; what is deleted is gone and takes no more input. */
    @Test
    void onlySettledSessionsAreDeletedAndThenAreGone() throws Exception {
        ScriptedMarket market =
                ScriptedMarket.of(
                        Scripted.calls(Scripted.call("c1", "ask", "{}")), Scripted.says("Fine."));
        try (Node node = node(market)) {
            String id = node.session(agent(function("ask")), "Hello");
            assertRefused(CONFLICT, () -> node.sessions().delete(ALICE, id));
            node.until(id, Fact.ResultsAwaited.class::isInstance);
            assertRefused(CONFLICT, () -> node.sessions().delete(ALICE, id));
            node.post(id, new Sessions.Input.Cancel());
            node.until(id, Fact.TurnCancelled.class::isInstance);
            node.sessions().delete(ALICE, id);
            assertThat(node.sessions().find(ALICE, id)).isEmpty();
            assertRefused(NOT_FOUND, () -> node.post(id, says("Hello?")));
            assertRefused(NOT_FOUND, () -> node.sessions().follow(ALICE, id, null));
            assertThat(node.sessions().list(ALICE, ALL, page(id)).data()).isEmpty();
        }
    }

    /** E46, E71, E72: nobody sees or touches what another tenant, or another team, has. */
    @Test
    void sessionsBelongToTheirTenantAndTeam() throws Exception {
        try (Node node = node(ScriptedMarket.of(Scripted.says("Fine.")))) {
            String id = node.session(agent(), "Hello");
            node.until(id, Fact.TurnCompleted.class::isInstance);
            Caller otherTenant = Node.caller("globex", "alice");
            Caller otherTeam = new Caller("acme", "sales", "bob", "key_bob", ALICE.scopes());
            Caller admin = new Caller("acme", "it", "root", "key_root", Set.of(Caller.Scope.ADMIN));
            for (Caller stranger : List.of(otherTenant, otherTeam)) {
                Sessions sessions = node.sessions();
                assertThat(sessions.find(stranger, id)).isEmpty();
                assertThat(sessions.view(stranger, id)).isEmpty();
                assertThat(sessions.list(stranger, ALL, page(null)).data()).isEmpty();
                assertRefused(
                        NOT_FOUND, () -> sessions.post(stranger, id, List.of(says("Hi")), null));
                assertRefused(NOT_FOUND, () -> sessions.delete(stranger, id));
                assertRefused(NOT_FOUND, () -> sessions.follow(stranger, id, null));
                assertRefused(NOT_FOUND, () -> sessions.recorded(stranger, id, Cursor.START, 9));
                assertRefused(NOT_FOUND, () -> sessions.items(stranger, id, page(null)));
                assertRefused(NOT_FOUND, () -> sessions.turns(stranger, id, page(null)));
            }
            assertThat(node.sessions().find(admin, id)).isPresent();
        }
    }

    @Test
    void listsAreFilteredAndCutIntoPages() {
        Node node = Node.on(database, ScriptedMarket.of(Scripted.says("x")), NONE, "a");
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Map<String, String> metadata = Map.of("odd", i % 2 == 0 ? "no" : "yes", "all", "1");
            made.add(
                    node.sessions()
                            .create(
                                    ALICE,
                                    new Sessions.NewSession(agent(), metadata, List.of()),
                                    null)
                            .id());
        }
        List<String> newestFirst = made.reversed();
        Page<Sessions.Session> first =
                node.sessions().list(ALICE, ALL, new Page.Query(null, 2, false));
        assertThat(ids(first)).isEqualTo(newestFirst.subList(0, 2));
        assertThat(first.hasMore()).isTrue();
        Page<Sessions.Session> rest =
                node.sessions().list(ALICE, ALL, new Page.Query(newestFirst.get(1), 9, false));
        assertThat(ids(rest)).isEqualTo(newestFirst.subList(2, 5));
        assertThat(rest.hasMore()).isFalse();
        assertThat(ids(node.sessions().list(ALICE, ALL, new Page.Query(null, 9, true))))
                .isEqualTo(made);
        assertThat(
                        ids(
                                node.sessions()
                                        .list(
                                                ALICE,
                                                new Sessions.Filter(
                                                        "agent_test",
                                                        Map.of("odd", "yes", "all", "1")),
                                                new Page.Query(null, 9, true))))
                .containsExactly(made.get(1), made.get(3));
        assertRefused(NOT_FOUND, () -> node.sessions().list(ALICE, ALL, page("sess_unknown")));
        node.sessions().delete(ALICE, made.get(2));
        assertThat(ids(node.sessions().list(ALICE, ALL, new Page.Query(made.get(2), 9, true))))
                .containsExactly(made.get(3), made.get(4));
    }

    /** A6: seen at once, heeded by the next model call, and found by its new labels. */
    @Test
    void aChangedSessionIsToldSomethingElseFromTheNextModelCallOn() throws Exception {
        ScriptedMarket market = ScriptedMarket.of(Scripted.says("Old."), Scripted.says("New."));
        try (Node node = node(market)) {
            String id = node.session(agent(), "Hello");
            node.until(id, count(Fact.TurnCompleted.class, 1));
            AgentSnapshot before = node.sessions().find(ALICE, id).orElseThrow().agent();
            AgentSnapshot after =
                    new AgentSnapshot(
                            before.id(),
                            before.name(),
                            "scripted-2",
                            before.instructions(),
                            List.of(function("ask")),
                            before.settings());
            Sessions.Session changed =
                    node.sessions()
                            .change(ALICE, id, now -> now.with(after).with(Map.of("a", "2")));
            assertThat(changed.agent()).isEqualTo(after);
            assertThat(changed.metadata()).containsExactly(Map.entry("a", "2"));
            assertThat(changed.status()).isEqualTo(View.Status.IDLE);
            node.sessions().post(ALICE, id, List.of(says("Again")), null);
            node.until(id, count(Fact.TurnCompleted.class, 2));
            assertThat(market.orders())
                    .extracting(Order::model)
                    .containsExactly(before.model(), "scripted-2");
            assertThat(node.facts(id)).filteredOn(Fact.SessionChanged.class::isInstance).hasSize(1);
            Sessions.Session later = node.sessions().find(ALICE, id).orElseThrow();
            assertThat(later.configuration()).isEqualTo(changed.configuration());
            Sessions.Filter label = new Sessions.Filter(null, Map.of("a", "2"));
            assertThat(ids(node.sessions().list(ALICE, label, page(null)))).containsExactly(id);
            assertRefused(
                    NOT_FOUND,
                    () -> node.sessions().change(Node.caller("globex", "eve"), id, now -> now));
        }
    }

    @Test
    void anAgentIsChangedForFutureSessionsAndItsIdOutlivesItInLists() {
        Node node = Node.on(database, ScriptedMarket.of(Scripted.says("x")), NONE, "a");
        Agents agents = node.runtime().agents();
        Agents.Agent one = agents.create(ALICE, agent(), Map.of("a", "1"), null);
        Agents.Agent two = agents.create(ALICE, agent(), Map.of(), null);
        Sessions.Session session =
                node.sessions()
                        .create(
                                ALICE,
                                new Sessions.NewSession(one.snapshot(), Map.of(), List.of()),
                                null);
        AgentSnapshot old = one.snapshot();
        AgentSnapshot renamed =
                new AgentSnapshot(old.id(), "New", old.model(), null, old.tools(), old.settings());
        assertThat(agents.update(ALICE, renamed, Map.of()).snapshot()).isEqualTo(renamed);
        assertThat(node.sessions().find(ALICE, session.id()).orElseThrow().agent()).isEqualTo(old);
        assertRefused(
                NOT_FOUND, () -> agents.update(Node.caller("globex", "eve"), renamed, Map.of()));
        agents.delete(Node.caller("globex", "eve"), old.id());
        assertThat(agents.find(ALICE, old.id())).isPresent();
        agents.delete(ALICE, old.id());
        assertThat(agents.find(ALICE, old.id())).isEmpty();
        assertThat(agents.list(ALICE, new Page.Query(old.id(), 9, true)).data())
                .containsExactly(two);
    }

    @Test
    void agentsAreSavedOncePerKeyAndListed() {
        Node node = Node.on(database, ScriptedMarket.of(Scripted.says("x")), NONE, "a");
        Agents agents = node.runtime().agents();
        Agents.Agent one = agents.create(ALICE, agent(), Map.of("a", "1"), "k");
        assertThat(agents.create(ALICE, agent(), Map.of("a", "1"), "k")).isEqualTo(one);
        assertRefused(CONFLICT, () -> agents.create(ALICE, agent(), Map.of("a", "2"), "k"));
        Agents.Agent two = agents.create(ALICE, agent(function("ask")), Map.of(), null);
        assertThat(agents.list(ALICE, page(null)).data()).containsExactly(two, one);
        assertThat(agents.find(ALICE, one.snapshot().id())).contains(one);
        assertThat(agents.find(Node.caller("globex", "eve"), one.snapshot().id())).isEmpty();
        assertRefused(NOT_FOUND, () -> agents.list(ALICE, page("agent_unknown")));
        assertRefused(
                INVALID_REQUEST,
                () -> agents.create(ALICE, agent(Node.server("none")), Map.of(), null));
    }

    private static Page.Query page(@Nullable String after) {
        return new Page.Query(after, 20, false);
    }

    private static List<String> ids(Page<Sessions.Session> page) {
        return page.data().stream().map(Sessions.Session::id).toList();
    }

    private static void assertRefused(Failure.Cause cause, Runnable act) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.failure().cause()).isEqualTo(cause));
    }
}
