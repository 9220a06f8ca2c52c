package entrepot.protocols.anthropic.messages;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Extras;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Part;
import entrepot.conversation.Usage;
import entrepot.protocols.Corpus;
import entrepot.protocols.Corpus.Row;
import entrepot.protocols.Frame;
import entrepot.protocols.json.Json;
import entrepot.testkit.Cuts;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The laws of streams over everything that was recorded of them. */
class MessagesStreamCorpusTest {

    @Test
    void everyStreamKeepsTheGrammarAndLosesNothing() throws Exception {
        int count = 0;
        for (Row row : streams()) {
            List<Event> events = read(row.events());
            if (events.getLast() instanceof Event.Failed) {
                // An error, or a message that begins again after it has said something.
                assertThat(row.framed())
                        .as(row.id())
                        .asString(UTF_8)
                        .containsPattern("\"error\"|message_start(?s:.*)message_start");
                continue;
            }
            Answer answer = Answers.fold(events);
            assertThat(text(answer)).as(row.id()).isEqualTo(deltas(row, "text"));
            assertThat(thoughts(answer)).as(row.id()).isEqualTo(deltas(row, "thinking"));
            assertThat(types(answer)).as(row.id()).isEqualTo(types(row));
            assertThat(events).as("R89, R90: nothing is unknown").noneMatch(this::isStray);
            count++;
        }
        assertThat(count).isGreaterThan(38);
    }

    private boolean isStray(Event event) {
        return event instanceof Event.Unknown unknown
                && !unknown.raw().path("type").asString("").equals("message_delta");
    }

    @Test
    void whatIsReadCanBeWrittenAndReadAgain() throws Exception {
        for (Row row : streams()) {
            List<Event> events = read(row.events());
            List<Frame> frames = written(events);
            assertThat(frames).allMatch(f -> f.name().equals(type(f)));
            if (events.getLast() instanceof Event.Failed) {
                assertThat(frames.getLast().name()).as("R21").isEqualTo("error");
                continue;
            }
            assertThat(names(frames, "message_start")).as("R17").isEqualTo(1);
            assertThat(names(frames, "message_stop")).isEqualTo(1);
            List<Event> again = readFrames(frames);
            assertThat(Answers.fold(again).parts())
                    .as(row.id())
                    .isEqualTo(withoutCallers(Answers.fold(events).parts()));
            assertThat(Answers.fold(again).usage().meters())
                    .isEqualTo(Answers.fold(events).usage().meters());
            assertThat(Answers.fold(again).stopReason())
                    .isEqualTo(Answers.fold(events).stopReason());
            assertThat(unknown(again)).as(row.id()).isEqualTo(unknown(events));
        }
    }

    @Test
    void r15AStreamCutAtAnyByteIsMeteredTheSame() {
        for (Row row : streams()) {
            var whole = Cuts.same(row.id(), row.framed(), MessagesStreamCorpusTest::metered);
            assertThat(whole.out).isEqualTo(ByteBuffer.wrap(row.framed()));
        }
    }

    @Test
    void theMeterAndTheReaderAgree() throws Exception {
        for (Row row : streams()) {
            List<Event> events = read(row.events());
            Usage usage = Usage.NONE;
            for (Event event : events) {
                usage = event instanceof Event.UsageReported reported ? reported.usage() : usage;
            }
            var meter = new MessagesMeter();
            meter.chunk(row.framed());
            meter.end();
            if (events.getLast() instanceof Event.Failed) {
                continue;
            }
            assertThat(meter.finished()).as(row.id()).isTrue();
            assertThat(meter.usage()).as(row.id()).isEqualTo(usage);
            assertThat(meter.usageReported()).isTrue();
            long content =
                    events.stream()
                            .filter(e ->
                                    e instanceof Event.TextDelta
                                            || e instanceof Event.PartFinished
                                            || e instanceof Event.ReasoningDelta)
                            .count();
            assertThat(meter.content()).as(row.id()).isEqualTo(content > 0);
        }
    }

    private record Metered(
            ByteBuffer out, Usage usage, boolean finished, long contentEvents, boolean failed) {}

    private static Metered metered(List<byte[]> pieces) {
        var meter = new MessagesMeter();
        var out = new ByteArrayOutputStream();
        pieces.forEach(piece -> out.writeBytes(meter.chunk(piece)));
        out.writeBytes(meter.end());
        return new Metered(
                ByteBuffer.wrap(out.toByteArray()),
                meter.usage(),
                meter.finished(),
                meter.contentEvents(),
                meter.failure() != null);
    }

    private static List<Event> read(List<String> payloads) throws InterruptedException {
        return readFrames(payloads.stream().map(p -> Frame.of(p.getBytes(UTF_8))).toList());
    }

    private static List<Event> readFrames(List<Frame> frames) throws InterruptedException {
        var events = new ArrayList<Event>();
        var reader = new MessagesStreamReader(events::add);
        for (Frame frame : frames) {
            reader.frame(frame);
        }
        reader.end();
        return events;
    }

    private static List<Frame> written(List<Event> events) {
        var writer = new MessagesStreamWriter(() -> 0, "req_1");
        var frames = new ArrayList<Frame>();
        events.forEach(event -> frames.addAll(writer.write(event)));
        frames.addAll(writer.end());
        return frames;
    }

    /** Who calls is told when a call begins, and no event tells it then. */
    private static List<Part> withoutCallers(List<Part> parts) {
        return parts.stream()
                .map(part ->
                        part instanceof Part.ToolCall call
                                ? new Part.ToolCall(
                                        call.callId(), call.name(), call.arguments(), Extras.NONE)
                                : part)
                .toList();
    }

    private static String type(Frame frame) {
        return Json.read(frame.data(), Cause.INTERNAL).path("type").stringValue();
    }

    private static long names(List<Frame> frames, String name) {
        return frames.stream().filter(frame -> frame.name().equals(name)).count();
    }

    private static List<Event> unknown(List<Event> events) {
        return events.stream().filter(Event.Unknown.class::isInstance).toList();
    }

    private static String text(Answer answer) {
        return answer.parts().stream()
                .map(part -> part instanceof Part.Text text ? text.text() : "")
                .collect(Collectors.joining());
    }

    private static String thoughts(Answer answer) {
        return answer.parts().stream()
                .map(part -> part instanceof Part.Reasoning text ? text.text() : "")
                .collect(Collectors.joining());
    }

    /** All pieces of one kind, added up in the plainest way. */
    private static String deltas(Row row, String name) {
        return json(row)
                .map(event ->
                        event.path("delta").path(name).asString("")
                                + event.path("content_block").path(name).asString(""))
                .collect(Collectors.joining());
    }

    private static List<String> types(Row row) {
        return json(row)
                .flatMap(event ->
                        Stream.concat(
                                event.path("message").path("content").valueStream(),
                                Stream.of(event.path("content_block"))))
                .map(block -> block.path("type").asString(""))
                .filter(type -> !type.isEmpty())
                .toList();
    }

    private static List<String> types(Answer answer) {
        return Json.read(MessagesAnswers.write(answer), Cause.INTERNAL)
                .path("content")
                .valueStream()
                .map(block -> block.path("type").stringValue())
                .toList();
    }

    private static Stream<JsonNode> json(Row row) {
        return row.events().stream()
                .filter(event -> event.startsWith("{"))
                .map(event -> Json.read(event, Cause.INTERNAL));
    }

    private static List<Row> streams() {
        return Corpus.rows(
                        "anthropic-messages.jsonl",
                        "anthropic-messages.responses-only.jsonl",
                        "anthropic-other.jsonl",
                        "agent-loops.jsonl")
                .stream()
                .filter(Row::isStream)
                .filter(row -> row.path().isEmpty() || row.path().contains("/v1/messages"))
                .flatMap(row -> apart(row).stream())
                .toList();
    }

    /** Some rows hold several streams, one after the other. */
    private static List<Row> apart(Row row) {
        var rows = new ArrayList<Row>();
        var events = new ArrayList<String>();
        for (String event : row.events()) {
            events.add(event);
            if (event.contains("\"message_stop\"")) {
                rows.add(row(row, events));
                events.clear();
            }
        }
        return rows.size() < 2 ? List.of(row) : rows;
    }

    private static Row row(Row row, List<String> events) {
        String framed = "data: " + String.join("\n\ndata: ", events) + "\n\n";
        return new Row(
                row.id(),
                row.path(),
                row.request(),
                row.status(),
                row.response(),
                List.copyOf(events),
                framed.getBytes(UTF_8));
    }
}
