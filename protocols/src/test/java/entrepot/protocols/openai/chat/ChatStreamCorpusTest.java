package entrepot.protocols.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Part;
import entrepot.conversation.Usage;
import entrepot.protocols.Corpus;
import entrepot.protocols.Corpus.Row;
import entrepot.protocols.json.Json;
import entrepot.testkit.Cuts;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/** The laws of streams over everything that was recorded of them. */
class ChatStreamCorpusTest {

    @Test
    void everyStreamKeepsTheGrammarAndLosesNoText() throws Exception {
        int count = 0;
        for (Row row : streams()) {
            List<Event> events = read(row.events());
            if (events.getLast() instanceof Event.Failed) {
                assertThat(row.framed()).as(row.id()).asString(UTF_8).contains("\"error\"");
                continue;
            }
            Answer answer = Answers.fold(events);
            assertThat(text(answer)).as(row.id()).isEqualTo(text(row));
            assertThat(calls(answer)).as(row.id()).isEqualTo(calls(row));
            count++;
        }
        assertThat(count).isGreaterThan(80);
    }

    @Test
    void whatIsReadCanBeWrittenAndReadAgain() throws Exception {
        for (Row row : streams()) {
            List<Event> events = read(row.events());
            var writer = new ChatStreamWriter(1, true);
            var payloads = new ArrayList<String>();
            for (Event event : events) {
                writer.write(event).forEach(p -> payloads.add(new String(p, UTF_8)));
            }
            writer.end().forEach(p -> payloads.add(new String(p, UTF_8)));
            if (events.getLast() instanceof Event.Failed) {
                assertThat(payloads.getLast()).as("R21").contains("error");
                continue;
            }
            Answer answer = Answers.fold(events);
            Answer again = Answers.fold(read(payloads));
            assertThat(again.parts()).as(row.id()).hasSameSizeAs(answer.parts());
            assertThat(text(again)).isEqualTo(text(answer));
            assertThat(calls(again)).isEqualTo(calls(answer));
            assertThat(again.stopReason()).isEqualTo(answer.stopReason());
            assertThat(again.usage().meters()).isEqualTo(answer.usage().meters());
        }
    }

    @Test
    void r15AStreamCutAtAnyByteIsMeteredTheSame() {
        for (Row row : streams()) {
            for (boolean hide : new boolean[] {false, true}) {
                var whole = Cuts.same(row.id(), row.framed(), pieces -> metered(pieces, hide));
                if (!hide) {
                    assertThat(whole.out).isEqualTo(row.framed());
                }
            }
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
            var meter = new ChatMeter(false);
            meter.chunk(row.framed());
            meter.end();
            assertThat(meter.usage()).as(row.id()).isEqualTo(usage);
            assertThat(meter.finished())
                    .as(row.id())
                    .isEqualTo(events.stream().anyMatch(Event.Finished.class::isInstance));
            boolean content =
                    events.stream()
                            .anyMatch(e ->
                                    e instanceof Event.TextDelta
                                            || e instanceof Event.ToolCallStarted
                                            || e instanceof Event.RefusalDelta
                                            || e instanceof Event.ReasoningDelta);
            if (content) {
                assertThat(meter.content()).as(row.id()).isTrue();
            }
        }
    }

    @Test
    void r24HidingTakesTheUsageChunkAndNothingElse() {
        int hidden = 0;
        for (Row row : streams()) {
            List<String> expected =
                    row.events().stream().filter(event -> !isOnlyUsage(event)).toList();
            var out = metered(List.of(row.framed()), true).out;
            List<String> left =
                    new String(out, UTF_8)
                            .lines()
                            .filter(line -> line.startsWith("data:"))
                            .map(line -> line.substring(5).strip())
                            .toList();
            assertThat(left).as(row.id()).isEqualTo(expected);
            hidden += row.events().size() - expected.size();
        }
        assertThat(hidden).isGreaterThan(30);
    }

    private record Metered(
            byte[] out, Usage usage, boolean finished, long contentEvents, boolean failed) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Metered that
                    && Arrays.equals(out, that.out)
                    && usage.equals(that.usage)
                    && finished == that.finished
                    && contentEvents == that.contentEvents
                    && failed == that.failed;
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(out);
        }
    }

    private static Metered metered(List<byte[]> pieces, boolean hide) {
        var meter = new ChatMeter(hide);
        var out = new ByteArrayOutputStream();
        pieces.forEach(piece -> out.writeBytes(meter.chunk(piece)));
        out.writeBytes(meter.end());
        return new Metered(
                out.toByteArray(),
                meter.usage(),
                meter.finished(),
                meter.contentEvents(),
                meter.failure() != null);
    }

    private static boolean isOnlyUsage(String payload) {
        if (!payload.startsWith("{")) {
            return false;
        }
        JsonNode json = Json.read(payload, Cause.INTERNAL);
        return json.path("usage").isObject()
                && json.path("choices").isArray()
                && json.path("choices").isEmpty();
    }

    private static List<Event> read(List<String> payloads) throws InterruptedException {
        var events = new ArrayList<Event>();
        var reader = new ChatStreamReader(events::add);
        for (String payload : payloads) {
            reader.data(payload);
        }
        reader.end();
        return events;
    }

    private static String text(Answer answer) {
        return answer.parts().stream()
                .map(part -> part instanceof Part.Text text ? text.text() : "")
                .collect(Collectors.joining());
    }

    private static String calls(Answer answer) {
        return answer.parts().stream()
                .map(part ->
                        part instanceof Part.ToolCall call ? call.name() + call.arguments() : "")
                .collect(Collectors.joining());
    }

    /** The text of the first choice, added up in the plainest way. */
    private static String text(Row row) {
        var text = new StringBuilder();
        for (JsonNode delta : deltas(row)) {
            JsonNode content = delta.path("content");
            if (content.isString()) {
                text.append(content.stringValue());
            }
            content.forEach(part -> text.append(part.path("text").asString("")));
        }
        return text.toString();
    }

    private static String calls(Row row) {
        var calls = new StringBuilder();
        var named = new HashSet<String>();
        boolean empty = false;
        for (JsonNode delta : deltas(row)) {
            for (JsonNode call : delta.path("tool_calls")) {
                if (named.add(call.path("id").asString("")) || !call.has("id")) {
                    calls.append(call.path("function").path("name").asString(""));
                }
                calls.append(call.path("function").path("arguments").asString(""));
                empty |= call.path("function").path("arguments").isNull();
            }
        }
        return calls + (empty ? "{}" : "");
    }

    private static List<JsonNode> deltas(Row row) {
        return row.events().stream()
                .filter(event -> event.startsWith("{"))
                .flatMap(event -> Json.read(event, Cause.INTERNAL).path("choices").valueStream())
                .filter(choice -> choice.path("index").asInt(0) == 0)
                .map(choice -> choice.path("delta"))
                .toList();
    }

    private static List<Row> streams() {
        return Corpus.rows(
                        "openai-chat.jsonl",
                        "openai-compatible-chat.jsonl",
                        "azure-openai.jsonl",
                        "openai-chat.responses-only.jsonl",
                        "openai-compatible-chat.responses-only.jsonl")
                .stream()
                .filter(Row::isStream)
                .filter(row -> row.path().isEmpty() || row.path().contains("chat/completions"))
                .toList();
    }
}
