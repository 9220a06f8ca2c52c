package entrepot.protocols.google.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Part;
import entrepot.conversation.Usage;
import entrepot.protocols.Corpus.Row;
import entrepot.protocols.Frame;
import entrepot.testkit.Cuts;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The laws of streams over everything that was recorded of them. */
class GeminiStreamCorpusTest {

    @Test
    void everyStreamKeepsTheGrammarAndLosesNoText() throws Exception {
        int count = 0;
        for (Row row : Rows.streams()) {
            List<Event> events = Rows.read(Rows.chunks(row));
            if (events.getLast() instanceof Event.Failed) {
                assertThat(row.framed()).as(row.id()).asString(UTF_8).contains("\"error\"");
                continue;
            }
            Answer answer = Answers.fold(events);
            assertThat(text(answer, false)).as(row.id()).isEqualTo(text(row, false));
            assertThat(text(answer, true)).as(row.id()).isEqualTo(text(row, true));
            assertThat(signatures(answer)).as("R30 " + row.id()).isEqualTo(signatures(row));
            assertThat(names(answer)).as(row.id()).isEqualTo(names(row));
            count++;
        }
        assertThat(count).isGreaterThan(35);
    }

    @Test
    void whatIsReadCanBeWrittenAndReadAgain() throws Exception {
        for (Row row : Rows.streams()) {
            List<Event> events = Rows.read(Rows.chunks(row));
            var writer = new GeminiStreamWriter();
            var chunks = new ArrayList<String>();
            for (Event event : events) {
                writer.write(event).forEach(frame -> chunks.add(text(frame)));
            }
            writer.end().forEach(frame -> chunks.add(text(frame)));
            if (events.getLast() instanceof Event.Failed) {
                assertThat(chunks.getLast()).as("R21").contains("\"error\"");
                continue;
            }
            Answer answer = Answers.fold(events);
            Answer again = Answers.fold(Rows.read(chunks));
            assertThat(again.parts()).as(row.id()).isEqualTo(answer.parts());
            assertThat(again.stopReason()).as(row.id()).isEqualTo(answer.stopReason());
            assertThat(again.usage().meters()).as(row.id()).isEqualTo(answer.usage().meters());
            assertThat(again.answerId()).isEqualTo(answer.answerId());
        }
    }

    @Test
    void r15AStreamCutAtAnyByteIsMeteredTheSame() {
        for (Row row : Rows.streams()) {
            byte[] bytes = Rows.framed(row);
            for (boolean asArray : new boolean[] {false, true}) {
                var whole = Cuts.same(row.id(), bytes, pieces -> metered(pieces, asArray));
                if (asArray) {
                    ArrayNode list = (ArrayNode) Rows.json(whole.out);
                    assertThat(list.valueStream().map(JsonNode::toString).toList())
                            .isEqualTo(
                                    Rows.chunks(row).stream()
                                            .map(GeminiCorpusTest::parse)
                                            .map(JsonNode::toString)
                                            .toList());
                } else {
                    assertThat(whole.out).isEqualTo(bytes);
                }
            }
        }
    }

    @Test
    void r90TheMeterAndTheReaderAgree() throws Exception {
        for (Row row : Rows.streams()) {
            List<Event> events = Rows.read(Rows.chunks(row));
            Usage usage = Usage.NONE;
            for (Event event : events) {
                usage = event instanceof Event.UsageReported reported ? reported.usage() : usage;
            }
            var meter = new GeminiMeter();
            meter.chunk(Rows.framed(row));
            meter.end();
            assertThat(meter.usage()).as(row.id()).isEqualTo(usage);
            assertThat(meter.finished())
                    .as(row.id())
                    .isEqualTo(events.stream().anyMatch(Event.Finished.class::isInstance));
            assertThat(meter.content())
                    .as(row.id())
                    .isEqualTo(events.stream().anyMatch(Event.PartFinished.class::isInstance));
            assertThat(meter.failure() != null).isEqualTo(events.getLast() instanceof Event.Failed);
        }
    }

    private record Metered(byte[] out, Usage usage, boolean finished, long contentEvents) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Metered that
                    && Arrays.equals(out, that.out)
                    && usage.equals(that.usage)
                    && finished == that.finished
                    && contentEvents == that.contentEvents;
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(out);
        }
    }

    private static Metered metered(List<byte[]> pieces, boolean asArray) {
        var meter = new GeminiMeter();
        var array = new GeminiArray();
        var out = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            byte[] passed = meter.chunk(piece);
            out.writeBytes(asArray ? array.chunk(passed) : passed);
        }
        out.writeBytes(asArray ? array.chunk(meter.end()) : meter.end());
        if (asArray) {
            out.writeBytes(array.end());
        }
        return new Metered(
                out.toByteArray(), meter.usage(), meter.finished(), meter.contentEvents());
    }

    private static String text(Frame frame) {
        return new String(frame.data(), UTF_8);
    }

    private static String text(Answer answer, boolean thoughts) {
        return answer.parts().stream()
                .map(part ->
                        switch (part) {
                            case Part.Text text when !thoughts -> text.text();
                            case Part.Reasoning thought when thoughts -> thought.text();
                            default -> "";
                        })
                .collect(Collectors.joining());
    }

    private static String text(Row row, boolean thoughts) {
        return parts(row).stream()
                .filter(part -> part.path("thought").booleanValue(false) == thoughts)
                .map(part -> part.path("text").asString(""))
                .collect(Collectors.joining());
    }

    private static List<String> signatures(Answer answer) {
        return answer.parts().stream()
                .map(part ->
                        switch (part) {
                            case Part.Reasoning thought ->
                                    thought.signature() == null
                                            ? ""
                                            : thought.signature().replace("google:", "");
                            case Part.Unknown raw ->
                                    raw.raw().path("thoughtSignature").asString("");
                            default -> "";
                        })
                .filter(signature -> !signature.isEmpty())
                .toList();
    }

    private static List<String> signatures(Row row) {
        return parts(row).stream()
                .map(part -> part.path("thoughtSignature").asString(""))
                .filter(signature -> !signature.isEmpty())
                .toList();
    }

    private static List<String> names(Answer answer) {
        return answer.parts().stream()
                .filter(Part.ToolCall.class::isInstance)
                .map(part -> ((Part.ToolCall) part).name())
                .toList();
    }

    private static List<String> names(Row row) {
        return parts(row).stream()
                .map(part -> part.path("functionCall").path("name").asString(""))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** The parts of the first candidate. */
    private static List<JsonNode> parts(Row row) {
        return Rows.chunks(row).stream()
                .map(GeminiCorpusTest::parse)
                .map(chunk -> chunk.path("candidates").path(0))
                .flatMap(candidate -> candidate.path("content").path("parts").valueStream())
                .toList();
    }
}
