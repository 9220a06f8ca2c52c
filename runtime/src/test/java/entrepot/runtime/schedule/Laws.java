package entrepot.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Part;
import entrepot.identity.Caller;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.session.Entry;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;
import entrepot.store.Database;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What holds at the end of every history, whatever happened in it. */
record Laws(
        Database database,
        Caller caller,
        Sessions sessions,
        Map<String, List<String>> accepted,
        Map<String, List<Entry>> read,
        Map<String, List<Entry>> everything,
        CountedTools tools,
        Families families,
        List<String> broken) {

    void hold() {
        assertThat(broken).isEmpty();
        noToolRunsTwiceUnasked();
        for (String id : everything.keySet()) {
            noFactIsLost(id);
            oneTerminalPerTurn(facts(everything.getOrDefault(id, List.of())));
            everyAcceptedInputIsAnswered(id);
            parkedSessionsHoldNothing(id);
            feedHasNoGapAndNoRepeat(id);
            families.hold(id, facts(everything.getOrDefault(id, List.of())));
            for (String child : families.below(id)) {
                noFactIsLost(child);
                oneTerminalPerTurn(families.facts(child));
                parkedSessionsHoldNothing(child);
            }
        }
    }

    static List<Fact> facts(List<Entry> entries) {
        List<Fact> facts = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry instanceof Entry.Recorded recorded) {
                facts.add(recorded.fact());
            }
        }
        return facts;
    }

    /** The journal is one line without holes, and ownership only ever moves on: E7, E15. */
    private void noFactIsLost(String id) {
        long head =
                database.read(sql ->
                        sql.one(
                                        "select head from session" + " where tenant = ? and id = ?",
                                        row -> row.number("head"),
                                        caller.tenant(),
                                        id)
                                .orElseThrow());
        List<Long> epochs = new ArrayList<>();
        List<Long> seqs =
                database.read(sql ->
                        sql.query(
                                "select seq, epoch from fact"
                                        + " where tenant = ? and session = ? order by seq",
                                row -> {
                                    epochs.add(row.number("epoch"));
                                    return row.number("seq");
                                },
                                caller.tenant(),
                                id));
        assertThat(seqs.getLast()).as("head of %s", id).isEqualTo(head);
        assertThat(seqs).as("NoFactIsLost in %s", id).hasSize((int) head);
        assertThat(epochs).as("epochs of %s", id).isSorted();
    }

    private void noToolRunsTwiceUnasked() {
        tools.changesByKey()
                .forEach((key, count) ->
                        assertThat(count.get()).as("NoToolRunsTwiceUnasked: %s", key).isEqualTo(1));
    }

    private void oneTerminalPerTurn(List<Fact> facts) {
        Set<String> ended = new HashSet<>();
        for (Fact fact : facts) {
            String turn = turnAfterWhichNothingMayCome(fact);
            if (turn != null) {
                assertThat(ended.add(turn)).as("OneTerminalPerTurn: %s", turn).isTrue();
            } else if (fact instanceof Fact.ModelAnswered answered) {
                assertThat(ended).doesNotContain(answered.turnId());
            } else if (fact instanceof Fact.ToolReturned returned) {
                assertThat(ended).doesNotContain(returned.turnId());
            }
        }
    }

    private static @Nullable String turnAfterWhichNothingMayCome(Fact fact) {
        if (fact instanceof Fact.TurnCompleted end) {
            return end.turnId();
        }
        if (fact instanceof Fact.TurnFailed end) {
            return end.turnId();
        }
        return fact instanceof Fact.TurnCancelled end ? end.turnId() : null;
    }

    /** E18, E19, E62b: each message is in the journal once, in order, and its turn has an end. */
    private void everyAcceptedInputIsAnswered(String id) {
        List<String> taken = new ArrayList<>();
        Set<String> open = new HashSet<>();
        for (Fact fact : facts(everything.getOrDefault(id, List.of()))) {
            if (fact instanceof Fact.TurnStarted started) {
                open.add(started.turnId());
                started.input().forEach(item -> taken.add(text(item)));
            } else if (fact instanceof Fact.SubagentReported woken && woken.starts()) {
                open.add(String.valueOf(woken.turnId()));
            } else if (fact instanceof Fact.InputSteered steered) {
                steered.input().forEach(item -> taken.add(text(item)));
            }
            String ended = turnAfterWhichNothingMayCome(fact);
            if (ended != null) {
                open.remove(ended);
            }
        }
        assertThat(taken)
                .as("EveryAcceptedInputIsAnswered in %s", id)
                .containsExactlyInAnyOrderElementsOf(accepted.get(id));
        assertThat(open).as("turns of %s without an end", id).isEmpty();
        assertThat(sessions.view(caller, id).orElseThrow().status()).isEqualTo(View.Status.IDLE);
    }

    private static String text(Fact.UserItem item) {
        return item.parts().getFirst() instanceof Part.Text text ? text.text() : "";
    }

    private void parkedSessionsHoldNothing(String id) {
        boolean free =
                database.read(sql ->
                        sql.one(
                                        "select id from session where tenant = ? and id = ?"
                                                + " and owner is null and wake_ms is null"
                                                + " and inbox_head = inbox_seen",
                                        row -> true,
                                        caller.tenant(),
                                        id)
                                .orElse(false));
        assertThat(free).as("ParkedSessionsHoldNoThread: %s", id).isTrue();
    }

    private void feedHasNoGapAndNoRepeat(String id) {
        assertThat(read.get(id))
                .as("FeedHasNoGapAndNoRepeat in %s", id)
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactlyElementsOf(everything.getOrDefault(id, List.of()));
    }
}
