package entrepot.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Usage.Meter;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class AnswersTest {

    private static final Event START = new Event.Started("a1", "m");
    private static final Event END = new Event.Finished(StopReason.END);
    private static final Part HELLO = new Part.Text("hello", Extras.NONE);
    private static final Part CALL = new Part.ToolCall("c1", "f", "{}", Extras.NONE);

    @Test
    void aStreamAddsUpToItsFinishedPartsAndItsLastUsage() {
        Answer answer =
                Answers.fold(
                        List.of(
                                START,
                                new Event.TextDelta(0, "hel"),
                                new Event.UsageReported(new Usage(Map.of(Meter.OUTPUT, 1L), false)),
                                new Event.TextDelta(0, "lo"),
                                new Event.PartFinished(0, HELLO),
                                END,
                                new Event.UsageReported(
                                        new Usage(Map.of(Meter.OUTPUT, 2L), false))));
        assertThat(answer.parts()).containsExactly(HELLO);
        assertThat(answer.usage().totalTokens()).isEqualTo(2);
        assertThat(Answers.fold(Answers.events(answer))).isEqualTo(answer);
    }

    @Test
    void r19ParallelCallsMayInterleaveAndStayApart() {
        Part other = new Part.ToolCall("c2", "g", "{}", Extras.NONE);
        Answer answer =
                Answers.fold(
                        List.of(
                                START,
                                new Event.ToolCallStarted(0, "c1", "f"),
                                new Event.ToolCallStarted(1, "c2", "g"),
                                new Event.ToolCallDelta(0, "{}"),
                                new Event.ToolCallDelta(1, "{}"),
                                new Event.TextDelta(2, "hello"),
                                new Event.PartFinished(2, HELLO),
                                new Event.PartFinished(1, other),
                                new Event.PartFinished(0, CALL),
                                END));
        assertThat(answer.parts()).containsExactly(CALL, other, HELLO);
    }

    @Test
    void aFailureIsThrownToWhoeverWantsTheAnswer() {
        var failure = Failure.of(Failure.Cause.TIMED_OUT, "late");
        assertThatThrownBy(() -> Answers.fold(List.of(START, new Event.Failed(failure))))
                .isInstanceOfSatisfying(
                        Failed.class, f -> assertThat(f.failure()).isEqualTo(failure));
    }

    @Test
    void aStreamThatBreaksOffIsNoAnswer() {
        assertThatThrownBy(() -> Answers.fold(List.of(START, new Event.PartFinished(0, HELLO))))
                .isInstanceOfSatisfying(
                        Failed.class,
                        f -> assertThat(f.failure().cause()).isEqualTo(Failure.Cause.UNREACHABLE));
    }

    @Test
    void r17EveryBreachOfTheGrammarIsFound() {
        breach("first and once", START, START);
        breach("not running", END);
        breach("not running", START, END, new Event.TextDelta(0, "x"));
        breach(
                "nothing follows",
                START,
                END,
                new Event.Failed(Failure.of(Failure.Cause.INTERNAL, "x")));
        breach("still open", START, new Event.TextDelta(0, "x"), END);
        breach("index 0", START, new Event.TextDelta(1, "x"));
        breach("index 1", START, new Event.PartFinished(0, HELLO), new Event.TextDelta(0, "x"));
        breach(
                "another kind",
                START,
                new Event.TextDelta(0, "x"),
                new Event.ReasoningDelta(0, "x"));
        breach(
                "only calls stay open",
                START,
                new Event.TextDelta(0, "x"),
                new Event.ReasoningDelta(1, "x"));
        breach("no such call", START, new Event.ToolCallDelta(0, "x"));
        breach(
                "index 1",
                START,
                new Event.ToolCallStarted(0, "c", "f"),
                new Event.ToolCallStarted(0, "d", "f"));
        breach("not started", new Event.UsageReported(Usage.NONE));
    }

    private static void breach(String rule, Event... events) {
        assertThatThrownBy(() -> Answers.fold(List.of(events)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(rule);
    }
}
