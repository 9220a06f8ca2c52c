package entrepot.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.EventGrammar;
import entrepot.conversation.Extras;
import entrepot.conversation.Logprob;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** An answer is cut where a supplier that knows the stop sequences would have stopped. */
class StopCutTest {

    private static final Usage USAGE = new Usage(Map.of(Meter.OUTPUT, 7L), false);

    @ParameterizedTest
    @CsvSource({
        "'one\nObservation: two', '\nObservation:', one",
        "'one Observation', '\nObservation:', one Observation",
        "'aab', 'ab', a",
        "'abcd', 'abcd|c', ab",
        "'abcd', 'bcd|d', a",
        "'stop', 'stop', ''",
        "'so it goes', 'x|', so it goes",
        "'ab\uD83D\uDE00cd', '\uD83D\uDE00', ab",
        "'ab\uD83D\uDE01cd', '\uD83D\uDE00', ab\uD83D\uDE01cd",
    })
    void theFirstThatIsCompleteEndsTheAnswer(String said, String stops, String left)
            throws InterruptedException {
        List<String> sought = List.of(stops.split("\\|", -1));
        for (int size = 1; size <= said.length(); size++) {
            if (said.codePoints().count() != said.length() && size % 2 == 1) {
                continue;
            }
            Answer answer = Answers.fold(cut(stream(said, size), sought));
            assertThat(text(answer)).as("in pieces of " + size).isEqualTo(left);
            assertThat(answer.usage()).isEqualTo(USAGE);
            assertThat(answer.stopReason())
                    .isEqualTo(left.equals(said) ? StopReason.END : StopReason.STOP_SEQUENCE);
        }
    }

    /** Few letters make many near misses; the plain rule is the oracle. */
    @Test
    void howeverTheTextIsCutIntoPieces() throws InterruptedException {
        var random = new Random(41);
        for (int round = 0; round < 3000; round++) {
            String said = letters(random, random.nextInt(24));
            var stops = new ArrayList<String>();
            for (int i = random.nextInt(4); i > 0; i--) {
                stops.add(letters(random, 1 + random.nextInt(4)));
            }
            List<Event> told = cut(stream(said, 1 + random.nextInt(6)), stops);
            String expected = expected(said, stops);
            assertThat(text(Answers.fold(told))).as(said + " " + stops).isEqualTo(expected);
            assertThat(deltas(told)).isEqualTo(expected);
        }
    }

    @Test
    void tokensBeyondTheCutAreNotTold() throws InterruptedException {
        var events = new ArrayList<Event>();
        events.add(new Event.Started("a", "m"));
        var tokens = new ArrayList<Logprob>();
        for (String token : List.of("one", " two", " EN", "D three")) {
            var logprob = new Logprob(token, BigDecimal.ONE.negate(), List.of(), List.of());
            tokens.add(logprob);
            events.add(new Event.TextDelta(0, token, List.of(logprob)));
        }
        events.add(
                new Event.PartFinished(0, new Part.Text("one two END three", tokens, Extras.NONE)));
        events.add(new Event.Finished(StopReason.END));

        List<Event> told = cut(events, List.of("END"));
        assertThat(told)
                .filteredOn(Event.TextDelta.class::isInstance)
                .extracting(event -> ((Event.TextDelta) event).logprobs().size())
                .containsExactly(1, 1, 0);
        var part = (Part.Text) Answers.fold(told).parts().getFirst();
        assertThat(part.text()).isEqualTo("one two ");
        assertThat(part.logprobs()).isEqualTo(tokens.subList(0, 2));
    }

    @Test
    void aCallThatIsOpenComesToItsEnd() throws InterruptedException {
        var call = new Part.ToolCall("c", "f", "{}", Extras.NONE);
        List<Event> told =
                cut(
                        List.of(
                                new Event.Started("a", "m"),
                                new Event.ToolCallStarted(0, "c", "f"),
                                new Event.TextDelta(1, "xENDy"),
                                new Event.PartFinished(1, new Part.Text("xENDy", Extras.NONE)),
                                new Event.ToolCallDelta(0, "{}"),
                                new Event.PartFinished(0, call),
                                new Event.PartFinished(2, call),
                                new Event.Finished(StopReason.TOOL_CALLS)),
                        List.of("END"));
        assertThat(Answers.fold(told).parts())
                .containsExactly(call, new Part.Text("x", Extras.NONE));
    }

    private static List<Event> cut(List<Event> events, List<String> stops)
            throws InterruptedException {
        var told = new ArrayList<Event>();
        var grammar = new EventGrammar();
        var sink =
                StopCut.before(
                        event -> {
                            grammar.accept(event);
                            told.add(event);
                        },
                        stops);
        for (Event event : events) {
            sink.accept(event);
        }
        return told;
    }

    private static List<Event> stream(String said, int size) {
        var events = new ArrayList<Event>();
        events.add(new Event.Started("a", "m"));
        for (int at = 0; at < said.length(); at += size) {
            events.add(
                    new Event.TextDelta(0, said.substring(at, Math.min(said.length(), at + size))));
        }
        if (!said.isEmpty()) {
            events.add(new Event.PartFinished(0, new Part.Text(said, Extras.NONE)));
        }
        events.add(new Event.Finished(StopReason.END));
        events.add(new Event.UsageReported(USAGE));
        return events;
    }

    private static String expected(String said, List<String> stops) {
        for (int end = 1; end <= said.length(); end++) {
            String so = said.substring(0, end);
            int longest =
                    stops.stream().filter(so::endsWith).mapToInt(String::length).max().orElse(0);
            if (longest > 0) {
                return so.substring(0, end - longest);
            }
        }
        return said;
    }

    private static String text(Answer answer) {
        return answer.parts().isEmpty() ? "" : ((Part.Text) answer.parts().getFirst()).text();
    }

    private static String deltas(List<Event> told) {
        var text = new StringBuilder();
        told.forEach(event -> {
            if (event instanceof Event.TextDelta delta) {
                text.append(delta.text());
            }
        });
        return text.toString();
    }

    private static String letters(Random random, int count) {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append((char) ('a' + random.nextInt(3)));
        }
        return text.toString();
    }
}
