package entrepot.runtime.turn;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Failure;
import entrepot.conversation.Message;
import entrepot.conversation.Part;
import entrepot.conversation.Usage;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.facts.EnvironmentStatus;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.SessionSettings;
import entrepot.runtime.journal.Letter;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.JsonNodeFactory;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Laws of replay and decision over journals made from seeds. */
class DecisionTest {

    private static final Limits LIMITS = new Limits(5, 3, 4, 3, 1_000);
    private static final AgentSnapshot AGENT =
            new AgentSnapshot(
                    "agent", null, "model", null, List.of(), JsonNodeFactory.instance.objectNode());
    private static final int JOURNALS = 1_000;
    private static final int STEPS = 60;

    private static final long NOW = 1_000;

    private final Decision decision = new Decision(LIMITS);

    @Test
    void everyPrefixOfEveryJournalHasALegalAction() {
        Seeds.each(
                JOURNALS,
                seeds -> {
                    TurnState state = new TurnState.Nothing();
                    for (Fact fact : SeededJournal.facts(seeds, LIMITS, STEPS)) {
                        state = Replay.next(state, fact);
                        for (Letter letter :
                                List.of(
                                        new Letter.Cancel(),
                                        new Letter.Message(new Fact.UserItem("m", List.of())),
                                        new Letter.Approval("a", true, "bob", null, false),
                                        new Letter.Result("t", "c", "o", List.of(), false, null))) {
                            Letter.Numbered next =
                                    new Letter.Numbered(state.inputSeen() + 1, letter);
                            assertLegal(state, decision.next(state, List.of(next), NOW));
                        }
                        assertLegal(state, decision.next(state, List.of(), NOW));
                    }
                });
    }

    /** E2, E10: a deploy takes many processes away; the model has not failed once. */
    @Test
    void aCallThatIsLostWithItsProcessCostsNoTry() {
        TurnState state = calling();
        for (int loss = 1; loss < LIMITS.lossesMax(); loss++) {
            state = Replay.next(state, failed(lose(state)));
            assertThat(decision.next(state, List.of(), NOW))
                    .isEqualTo(new Action.CallModel("t", 1, loss + 1, 1));
            state = Replay.next(state, new Fact.ModelCallStarted("t", 1, loss + 1, "o"));
        }
        assertThat(lose(state).willRetry()).as("a call that kills its process").isFalse();
    }

    @Test
    void aFailureOfTheModelCostsATryWhateverWasLostBefore() {
        TurnState state = Replay.next(calling(), failed(lose(calling())));
        state = Replay.next(state, new Fact.ModelCallStarted("t", 1, 2, "o"));
        Failure overloaded = Failure.of(Failure.Cause.SUPPLIER_OVERLOADED, "busy");
        state = Replay.next(state, new Fact.ModelCallFailed("t", 1, 2, overloaded, true));
        assertThat(decision.next(state, List.of(), NOW))
                .isEqualTo(new Action.CallModel("t", 1, 3, 2));
    }

    private static TurnState calling() {
        TurnState state = new TurnState.Nothing();
        for (Fact fact :
                List.of(
                        new Fact.SessionCreated(
                                AGENT,
                                Map.of(),
                                "team",
                                "principal",
                                "key",
                                SessionSettings.DEFAULT,
                                null),
                        new Fact.TurnStarted("t", List.of(), 1),
                        new Fact.ModelCallStarted("t", 1, 1, "o"))) {
            state = Replay.next(state, fact);
        }
        return state;
    }

    private Action.LoseCall lose(TurnState state) {
        return (Action.LoseCall) decision.next(state, List.of(), NOW);
    }

    private static Fact failed(Action.LoseCall lost) {
        return new Fact.ModelCallFailed(
                lost.turnId(), lost.step(), lost.attempt(), lost.failure(), lost.willRetry());
    }

    private static void assertLegal(TurnState state, Action action) {
        Turn turn = state.turnIf();
        switch (action) {
            case Action.Rest rest -> {
                // Rest with an open turn is waiting for somebody outside, and nothing else.
                if (turn != null) {
                    assertThat(state).isInstanceOf(TurnState.Working.class);
                    assertThat(((TurnState.Working) state).calls(true, Call.Progress.ASKED))
                            .isEmpty();
                    assertThat(
                                    !Summary.of(state).waiting().isEmpty()
                                            || !((TurnState.Working) state)
                                                    .calls(true, Call.Progress.WAITING)
                                                    .isEmpty())
                            .isTrue();
                }
            }
            case Action.Take take ->
                    assertThat(take.letter().number()).isEqualTo(state.inputSeen() + 1);
            case Action.CallModel call -> {
                assertThat(state).isInstanceOf(TurnState.Ready.class);
                TurnState.Session session = state.sessionIf();
                assertThat(session).isNotNull();
                assertThat(session.configuration().settings().environmentId() == null)
                        .isEqualTo(session.environment() == null);
                assertThat(session.environment()).isIn(null, EnvironmentStatus.CONNECTED);
                assertThat(call.step()).isBetween(1, LIMITS.stepsMax());
                assertThat(call.tries()).isBetween(1, LIMITS.attemptsMax());
            }
            case Action.PrepareEnvironment prepare -> {
                assertThat(state).isInstanceOfAny(TurnState.Ready.class, TurnState.Idle.class);
                assertThat(prepare.environmentId()).isEqualTo("env_1");
            }
            case Action.LoseCall lost -> assertThat(state).isInstanceOf(TurnState.Calling.class);
            case Action.UseTools use -> assertThat(use.calls()).allMatch(Call::ours);
            case Action.EndWaits over -> {
                assertThat(over.calls()).isNotEmpty();
                assertThat(over.calls()).allMatch(call -> call.progress() == Call.Progress.WAITING);
            }
            case Action.Lapse lapse ->
                    assertThat(lapse.calls())
                            .isNotEmpty()
                            .allMatch(call -> call.progress() == Call.Progress.HELD);
            case Action.RecoverTools recover -> assertThat(recover.calls()).allMatch(Call::ours);
            case Action.AwaitResults await -> assertThat(await.callIds()).isNotEmpty();
            case Action.Finish finish -> assertThat(state).isInstanceOf(TurnState.Answered.class);
            case Action.Fail fail -> assertThat(fail.code()).isNotBlank();
            case Action.Cancel cancel -> assertThat(turn).isNotNull();
        }
    }

    /** E27, E61: one terminal fact for each turn, and nothing of it after that. */
    @Test
    void everyTurnEndsOnceAndNothingFollows() {
        Seeds.each(
                JOURNALS,
                seeds -> {
                    Set<String> begun = new HashSet<>();
                    Set<String> ended = new HashSet<>();
                    for (Fact fact : SeededJournal.facts(seeds, LIMITS, STEPS)) {
                        String turn = turn(fact);
                        if (turn != null) {
                            assertThat(ended).doesNotContain(turn);
                        }
                        if (fact instanceof Fact.TurnStarted started) {
                            assertThat(begun.add(started.turnId())).isTrue();
                        }
                        if (fact instanceof Fact.SubagentReported woken && woken.starts()) {
                            assertThat(begun.add(String.valueOf(woken.turnId()))).isTrue();
                        }
                        if (fact instanceof Fact.TurnCompleted
                                || fact instanceof Fact.TurnFailed
                                || fact instanceof Fact.TurnCancelled) {
                            ended.add(String.valueOf(turn));
                        }
                    }
                    assertThat(begun.size() - ended.size()).isBetween(0, 1);
                });
    }

    /** E49, E50, E64: whatever happened, each call a model sees has its one result. */
    @Test
    void everyCallInTheTranscriptIsFollowedByItsResult() {
        Seeds.each(
                JOURNALS,
                seeds -> {
                    List<Fact> facts = SeededJournal.facts(seeds, LIMITS, STEPS);
                    for (int end = 1; end <= facts.size(); end += 7) {
                        assertPaired(Transcript.of(facts.subList(0, end)));
                    }
                });
    }

    private static void assertPaired(List<Message> messages) {
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            if (message.role() == Message.Role.ASSISTANT) {
                for (Part part : message.parts()) {
                    if (part instanceof Part.ToolCall call) {
                        assertThat(messages.get(++i).role()).isEqualTo(Message.Role.TOOL);
                        Part result = messages.get(i).parts().getFirst();
                        assertThat(((Part.ToolResult) result).callId()).isEqualTo(call.callId());
                    }
                }
            } else {
                assertThat(message.role()).isNotEqualTo(Message.Role.TOOL);
            }
        }
    }

    /** E53: instructions come first, whatever came after. */
    @Test
    void instructionsAlwaysComeFirst() {
        Seeds.each(
                50,
                seeds ->
                        assertThat(
                                        Transcript.of(SeededJournal.facts(seeds, LIMITS, STEPS))
                                                .getFirst())
                                .isEqualTo(Message.text(Message.Role.SYSTEM, "Be brief.")));
    }

    /** E65, E66, E68: usage is summed once for each answered call, failed attempts not at all. */
    @Test
    void usageIsSummedOnceForEachAnswer() {
        Seeds.each(
                JOURNALS,
                seeds -> {
                    List<Fact> facts = SeededJournal.facts(seeds, LIMITS, STEPS);
                    long answers =
                            facts.stream().filter(Fact.ModelAnswered.class::isInstance).count();
                    Summary summary = Summary.of(Replay.of(facts));
                    assertThat(summary.usage().of(Usage.Meter.OUTPUT)).isEqualTo(3 * answers);
                });
    }

    @Test
    void theSummaryReadsBackAsItWasWritten() {
        Seeds.each(
                200,
                seeds -> {
                    Summary summary =
                            Summary.of(Replay.of(SeededJournal.facts(seeds, LIMITS, STEPS)));
                    assertThat(Summary.read(summary.written())).isEqualTo(summary);
                });
    }

    /** A fact of a newer version changes nothing that this version knows. */
    @Test
    void unknownFactsAreSteppedOver() {
        Seeds.each(
                50,
                seeds -> {
                    List<Fact> facts = SeededJournal.facts(seeds, LIMITS, STEPS);
                    List<Fact> mixed = new java.util.ArrayList<>(facts);
                    mixed.add(
                            seeds.upTo(facts.size()),
                            new Fact.Unknown("turn.paused", 1, new byte[0]));
                    assertThat(Replay.of(mixed)).isEqualTo(Replay.of(facts));
                    assertThat(Transcript.of(mixed)).isEqualTo(Transcript.of(facts));
                });
    }

    private static @org.jspecify.annotations.Nullable String turn(Fact.OfSubagent fact) {
        return switch (fact) {
            case Fact.SubagentCreated made -> made.turnId();
            case Fact.SubagentInputSent sent -> sent.turnId();
            case Fact.SubagentInterrupted asked -> asked.turnId();
            case Fact.SubagentClosed closed -> closed.turnId();
            case Fact.SubagentResumed resumed -> resumed.turnId();
            case Fact.SubagentsAwaited awaited -> awaited.turnId();
            case Fact.SubagentReported reported -> reported.turnId();
            case Fact.SubagentAsked _, Fact.SubagentAnswered _ -> null;
        };
    }

    private static @org.jspecify.annotations.Nullable String turn(Fact fact) {
        return switch (fact) {
            case Fact.SessionCreated created -> null;
            case Fact.SessionChanged changed -> null;
            case Fact.SessionForked forked -> null;
            case Fact.TurnStarted started -> started.turnId();
            case Fact.InputSteered steered -> steered.turnId();
            case Fact.InputIgnored ignored -> null;
            case Fact.ModelCallStarted started -> started.turnId();
            case Fact.ModelAnswered answered -> answered.turnId();
            case Fact.ModelCallFailed failed -> failed.turnId();
            case Fact.ToolStarted tool -> tool.turnId();
            case Fact.ToolReturned tool -> tool.turnId();
            case Fact.ToolOutcomeUnknown tool -> tool.turnId();
            case Fact.ResultsAwaited awaited -> awaited.turnId();
            case Fact.ResultAccepted result -> result.turnId();
            case Fact.ApprovalAsked asked -> asked.turnId();
            case Fact.ApprovalAnswered answered -> answered.turnId();
            case Fact.OfSubagent about -> turn(about);
            case Fact.EnvironmentChanged changed -> null;
            case Fact.EnvironmentReset reset -> null;
            case Fact.CancelAsked asked -> asked.turnId();
            case Fact.TurnCompleted end -> end.turnId();
            case Fact.TurnFailed end -> end.turnId();
            case Fact.TurnCancelled end -> end.turnId();
            case Fact.Unknown unknown -> null;
        };
    }
}
