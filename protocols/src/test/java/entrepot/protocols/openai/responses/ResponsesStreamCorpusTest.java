package entrepot.protocols.openai.responses;

import static entrepot.protocols.openai.responses.Recorded.json;
import static entrepot.protocols.openai.responses.Recorded.read;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Part;
import entrepot.conversation.Usage;
import entrepot.protocols.Corpus.Row;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.responses.items.ItemReader;
import entrepot.testkit.Cuts;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/** The laws of streams over everything that was recorded of them. */
class ResponsesStreamCorpusTest {

    private static final Set<String> ENDS =
            Set.of("response.completed", "response.incomplete", "response.failed");

    @Test
    void everyStreamKeepsTheGrammarAndAddsUpToItsLastResponse() throws Exception {
        int count = 0;
        for (Row row : streams()) {
            List<Event> events = read(row.events());
            JsonNode last = last(row);
            if (events.getLast() instanceof Event.Failed) {
                assertThat(row.framed()).as(row.id()).asString(UTF_8).contains("\"error\"");
                continue;
            }
            Answer answer = Answers.fold(events);
            if (last.path("output") instanceof ArrayNode output && !output.isEmpty()) {
                List<Part> parts = ItemReader.parts(output);
                // What a supplier does by itself may end in another order than it began.
                assertThat(unsealed(answer.parts()))
                        .as(row.id())
                        .containsExactlyInAnyOrderElementsOf(unsealed(parts));
            }
            assertThat(answer.usage().totalTokens())
                    .as(row.id())
                    .isEqualTo(last.path("usage").path("total_tokens").asLong(0));
            assertThat(pieces(events)).as(row.id()).isEqualTo(pieces(row));
            count++;
        }
        assertThat(count).isGreaterThan(85);
    }

    @Test
    void whatIsReadCanBeToldAndReadAgain() throws Exception {
        for (Row row : streams()) {
            List<Event> events = read(row.events());
            JsonNode asked = row.request().length == 0 ? Json.object() : json(row.request());
            List<String> payloads = Recorded.written(Recorded.voice(asked), events);
            if (events.getLast() instanceof Event.Failed) {
                assertThat(payloads.getLast()).as("R21").contains("error");
                continue;
            }
            Answer answer = Answers.fold(events);
            Answer again = Answers.fold(read(payloads));
            assertThat(bare(again.parts())).as(row.id()).isEqualTo(bare(answer.parts()));
            assertThat(again.stopReason()).as(row.id()).isEqualTo(answer.stopReason());
            assertThat(again.usage().meters()).as(row.id()).isEqualTo(answer.usage().meters());
            ToldStream.check(payloads);
        }
    }

    @Test
    void r15AStreamCutAtAnyByteIsMeteredTheSame() {
        for (Row row : streams()) {
            var whole = Cuts.same(row.id(), row.framed(), ResponsesStreamCorpusTest::metered);
            assertThat(whole.out).isEqualTo(ByteBuffer.wrap(row.framed()));
        }
    }

    @Test
    void r24TheMeterAndTheReaderAgree() throws Exception {
        for (Row row : streams()) {
            List<Event> events = read(row.events());
            Usage usage = Usage.NONE;
            for (Event event : events) {
                usage = event instanceof Event.UsageReported reported ? reported.usage() : usage;
            }
            var meter = new ResponsesMeter();
            meter.chunk(row.framed());
            meter.end();
            assertThat(meter.usage()).as(row.id()).isEqualTo(usage);
            assertThat(meter.finished())
                    .as(row.id())
                    .isEqualTo(events.stream().anyMatch(Event.Finished.class::isInstance));
            assertThat(meter.failure() != null)
                    .as(row.id())
                    .isEqualTo(events.getLast() instanceof Event.Failed);
            assertThat(meter.content())
                    .as(row.id())
                    .isEqualTo(events.stream().anyMatch(Event.PartFinished.class::isInstance));
        }
    }

    private record Metered(
            ByteBuffer out,
            Usage usage,
            boolean finished,
            long contentEvents,
            boolean content,
            boolean failed) {}

    private static Metered metered(List<byte[]> pieces) {
        var meter = new ResponsesMeter();
        var out = new ByteArrayOutputStream();
        pieces.forEach(piece -> out.writeBytes(meter.chunk(piece)));
        out.writeBytes(meter.end());
        return new Metered(
                ByteBuffer.wrap(out.toByteArray()),
                meter.usage(),
                meter.finished(),
                meter.contentEvents(),
                meter.content(),
                meter.failure() != null);
    }

    /** The parts without the forms of their items, which a stream tells otherwise. */
    private static List<Part> bare(List<Part> parts) {
        return parts.stream().map(Bare::of).toList();
    }

    /** OpenAI seals the same thought, and signs the same program, anew when it tells it again. */
    private static List<Part> unsealed(List<Part> parts) {
        return bare(parts).stream()
                .map(part ->
                        switch (part) {
                            case Part.Reasoning thought when thought.signature() != null ->
                                    new Part.Reasoning(thought.text(), "sealed", thought.extras());
                            case Part.Unknown unknown ->
                                    new Part.Unknown(unknown.dialect(), unknown.raw().path("id"));
                            default -> part;
                        })
                .toList();
    }

    private static String pieces(List<Event> events) {
        var text = new StringBuilder();
        for (Event event : events) {
            switch (event) {
                case Event.TextDelta delta -> text.append(delta.text());
                case Event.RefusalDelta delta -> text.append(delta.text());
                default -> {}
            }
        }
        return text.toString();
    }

    /** The deltas of texts, added up in the plainest way. */
    private static String pieces(Row row) {
        var text = new StringBuilder();
        for (String payload : row.events()) {
            JsonNode event =
                    payload.startsWith("{") ? json(payload.getBytes(UTF_8)) : Json.object();
            String type = event.path("type").asString("");
            if (type.equals("response.output_text.delta")
                    || type.equals("response.refusal.delta")) {
                text.append(event.path("delta").stringValue());
            } else if (ENDS.contains(type)) {
                break;
            }
        }
        return text.toString();
    }

    /** The first last response: some recordings hold the streams of several calls. */
    private static JsonNode last(Row row) {
        for (String payload : row.events()) {
            if (payload.startsWith("{")) {
                JsonNode event = json(payload.getBytes(UTF_8));
                if (ENDS.contains(event.path("type").asString(""))) {
                    return event.path("response");
                }
            }
        }
        return Json.object();
    }

    private static List<Row> streams() {
        return Recorded.rows().stream().filter(Row::isStream).toList();
    }
}
