package entrepot.runtime.replay;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Usage;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.session.Cursor;
import entrepot.runtime.session.Entry;
import entrepot.runtime.session.ViewFold;
import entrepot.runtime.turn.Limits;
import entrepot.runtime.turn.SeededJournal;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Laws of running again, over journals made from seeds. */
class RerunTest {

    private static final Limits LIMITS = new Limits(5, 3, 4, 3, 1_000);
    private static final int JOURNALS = 1_000;
    private static final int STEPS = 60;

    @Test
    void whatADriverWroteRunsAgainAlike() {
        Seeds.each(
                JOURNALS,
                seeds -> {
                    List<Journal.Recorded> journal = journal(seeds);
                    Rerun rerun = Rerun.of(journal, LIMITS);
                    assertThat(rerun.difference()).isNull();
                    assertThat(rerun.steps()).hasSameSizeAs(journal);
                    ViewFold fold = new ViewFold();
                    journal.forEach(each ->
                            fold.add(
                                    new Entry.Recorded(
                                            new Cursor(each.seq(), 0),
                                            each.atMillis(),
                                            each.fact())));
                    assertThat(rerun.items()).isEqualTo(fold.items());
                    assertThat(rerun.turns()).isEqualTo(fold.turns());
                });
    }

    /** A decision that was changed afterwards is found where it stands. */
    @Test
    void aChangedDecisionIsFoundAtItsPlace() {
        int[] changed = {0};
        Seeds.each(
                JOURNALS,
                seeds -> {
                    List<Journal.Recorded> journal = new ArrayList<>(journal(seeds));
                    int at = seeds.upTo(journal.size() - 1);
                    Fact other = otherDecision(journal.get(at).fact());
                    if (other == null) {
                        return;
                    }
                    changed[0]++;
                    journal.set(at, new Journal.Recorded(at + 1L, 0, other));
                    Rerun.Difference difference =
                            Objects.requireNonNull(Rerun.of(journal, LIMITS).difference());
                    assertThat(difference.seq()).isEqualTo(at + 1L);
                    assertThat(difference.expected()).isNotEqualTo(difference.recorded());
                });
        assertThat(changed[0]).isGreaterThan(JOURNALS / 10);
    }

    private static @Nullable Fact otherDecision(Fact fact) {
        Usage more = new Usage(Map.of(Usage.Meter.OUTPUT, 999L), false);
        return switch (fact) {
            case Fact.ModelCallStarted call ->
                    new Fact.ModelCallStarted(
                            call.turnId(), call.step() + 1, call.attempt(), call.orderId());
            case Fact.ResultsAwaited awaited ->
                    new Fact.ResultsAwaited(awaited.turnId(), List.of("c_other"));
            case Fact.ToolStarted tool ->
                    new Fact.ToolStarted(
                            tool.turnId(),
                            tool.callId(),
                            tool.itemId(),
                            tool.server(),
                            tool.name(),
                            "{\"all\":true}",
                            tool.key());
            case Fact.TurnCompleted end -> new Fact.TurnCompleted(end.turnId(), more);
            case Fact.TurnCancelled end -> new Fact.TurnCompleted(end.turnId(), end.usage());
            case Fact.InputIgnored ignored ->
                    new Fact.InputIgnored(ignored.input(), "Because.", ignored.inputSeen());
            default -> null;
        };
    }

    /** Input that was taken out afterwards, however well the rest is numbered anew. */
    @Test
    void lostInputIsFound() {
        int[] lost = {0};
        Seeds.each(
                JOURNALS / 4,
                seeds -> {
                    List<Journal.Recorded> journal = journal(seeds);
                    List<Integer> inputs = new ArrayList<>();
                    for (int at = 0; at < journal.size(); at++) {
                        if (Letters.of(journal.get(at).fact()) != null) {
                            inputs.add(at);
                        }
                    }
                    if (inputs.size() < 2) {
                        return;
                    }
                    int out = inputs.get(seeds.upTo(inputs.size() - 2));
                    List<Fact> facts = new ArrayList<>();
                    journal.forEach(each -> facts.add(each.fact()));
                    facts.remove(out);
                    lost[0]++;
                    assertThat(Rerun.of(numbered(facts), LIMITS).difference()).isNotNull();
                });
        assertThat(lost[0]).isGreaterThan(JOURNALS / 8);
    }

    @Test
    void aGapIsFound() {
        List<Journal.Recorded> journal = new ArrayList<>(journal(new Seeds(7)));
        journal.remove(journal.size() / 2);
        Rerun.Difference difference =
                Objects.requireNonNull(Rerun.of(journal, LIMITS).difference());
        assertThat(difference.expected()).startsWith("fact number ");
    }

    private static List<Journal.Recorded> journal(Seeds seeds) {
        return numbered(SeededJournal.facts(seeds, LIMITS, STEPS));
    }

    private static List<Journal.Recorded> numbered(List<Fact> facts) {
        List<Journal.Recorded> journal = new ArrayList<>();
        for (Fact fact : facts) {
            long seq = journal.size() + 1L;
            journal.add(new Journal.Recorded(seq, 1_000 * seq, fact));
        }
        return journal;
    }
}
