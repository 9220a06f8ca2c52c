package entrepot.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.runtime.facts.Fact;
import entrepot.runtime.session.Entry;
import entrepot.store.Database;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What holds of every session and its subagents: none is made twice (E12), every end reaches the
 * coordinator once (E16), and none is left over (E57, E58).
 */
final class Families {

    private final Database database;
    private final String tenant;
    private final Function<String, List<Entry>> everything;

    Families(Database database, String tenant, Function<String, List<Entry>> everything) {
        this.database = database;
        this.tenant = tenant;
        this.everything = everything;
    }

    /** The sessions of its subagents, as the tables know them. */
    List<String> below(String rootId) {
        return ids(rootId, "");
    }

    private List<String> ids(String rootId, String condition) {
        return database.read(sql ->
                sql.query(
                        "select id from session where tenant = ? and root = ?"
                                + condition
                                + " order by id",
                        row -> row.text("id"),
                        tenant,
                        rootId));
    }

    List<Fact> facts(String id) {
        return Laws.facts(everything.apply(id));
    }

    void hold(String rootId, List<Fact> journal) {
        List<String> made = new ArrayList<>();
        List<String> calls = new ArrayList<>();
        List<String> heard = new ArrayList<>();
        List<String> open = new ArrayList<>();
        for (Fact fact : journal) {
            switch (fact) {
                case Fact.SubagentCreated one -> {
                    made.add(one.subagentId());
                    calls.add(one.turnId() + "/" + one.callId());
                    open.add(one.subagentId());
                }
                case Fact.SubagentResumed one -> open.add(one.subagentId());
                case Fact.SubagentClosed one -> open.remove(one.subagentId());
                case Fact.SubagentReported one ->
                        heard.add(one.subagentId() + "/" + one.report().turnId());
                default -> {}
            }
        }
        assertThat(calls).as("NoSubagentIsMadeTwice in %s", rootId).doesNotHaveDuplicates();
        assertThat(below(rootId))
                .as("NoSubagentIsMadeTwice in %s", rootId)
                .containsExactlyInAnyOrderElementsOf(made);
        List<String> ended = new ArrayList<>();
        for (String child : below(rootId)) {
            begunAndEnded(child, ended);
        }
        assertThat(heard)
                .as("EveryEndReachesItsCoordinator in %s", rootId)
                .containsExactlyInAnyOrderElementsOf(ended);
        assertThat(ids(rootId, " and closed_ms is null"))
                .as("NoSubagentIsLeftOver in %s", rootId)
                .containsExactlyInAnyOrderElementsOf(open);
    }

    private void begunAndEnded(String child, List<String> ended) {
        int begun = 0;
        int over = 0;
        for (Fact fact : facts(child)) {
            String turnId =
                    switch (fact) {
                        case Fact.TurnCompleted end -> end.turnId();
                        case Fact.TurnFailed end -> end.turnId();
                        case Fact.TurnCancelled end -> end.turnId();
                        default -> "";
                    };
            if (!turnId.isEmpty()) {
                ended.add(child + "/" + turnId);
                over++;
            }
            begun += fact instanceof Fact.TurnStarted ? 1 : 0;
        }
        assertThat(over).as("NoSubagentIsLeftOver: turns of %s", child).isEqualTo(begun);
        assertThat(begun).as("every subagent works: %s", child).isPositive();
    }
}
