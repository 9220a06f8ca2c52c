package entrepot.protocols.bedrock.converse;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.protocols.Corpus;
import entrepot.protocols.Corpus.Row;
import entrepot.protocols.Frame;
import entrepot.protocols.bedrock.BedrockErrors;
import entrepot.protocols.bedrock.EventFrames;
import entrepot.protocols.json.Json;
import entrepot.testkit.Cuts;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The laws of the dialect over everything that was recorded of it. */
class ConverseCorpusTest {

    @Test
    void everyRequestIsWrittenAsItWasRead() {
        var softly = new SoftAssertions();
        int count = 0;
        for (Row row : converse()) {
            if (row.request().length == 0) {
                continue;
            }
            try {
                var request = ConverseRequests.read(model(row), false, row.request());
                softly.assertThat(Json.read(ConverseRequests.write(request), Cause.INTERNAL))
                        .as(row.id())
                        .isEqualTo(Json.read(row.request(), Cause.INTERNAL));
                ConverseRequests.write(ConverseFit.fit(request));
                count++;
            } catch (Failed refused) {
                // Only what Bedrock refused itself may be refused here.
                softly.assertThat(row.status()).as(row.id() + refused).isBetween(400, 499);
            }
        }
        softly.assertAll();
        assertThat(count).isGreaterThan(120);
    }

    @Test
    void everyRequestPassesThroughByteForByte() {
        for (Row row : converse()) {
            if (row.request().length > 0) {
                assertThat(ConverseEnvelope.scan(row.request()).body()).isSameAs(row.request());
            }
        }
    }

    @Test
    void everyWholeAnswerIsWrittenAsItWasRead() {
        var softly = new SoftAssertions();
        int count = 0;
        for (Row row : rows("bedrock-converse.jsonl", "bedrock-converse.responses-only.jsonl")) {
            JsonNode json = Json.read(row.response(), Cause.INTERNAL);
            if (!json.has("output")) {
                continue;
            }
            var answer = ConverseAnswers.read(row.response());
            softly.assertThat(Json.read(ConverseAnswers.write(answer, 0), Cause.INTERNAL))
                    .as(row.id())
                    .isEqualTo(json);
            long total = json.path("usage").path("totalTokens").asLong(0);
            softly.assertThat(answer.usage().totalTokens()).as(row.id()).isEqualTo(total);
            count++;
        }
        softly.assertAll();
        assertThat(count).isGreaterThan(80);
    }

    @Test
    void everyRefusalIsUnderstood() {
        int count = 0;
        for (Row row : converse()) {
            if (row.status() < 400) {
                continue;
            }
            var failure = BedrockErrors.read(row.status(), name -> null, row.response());
            assertThat(failure.cause())
                    .as(row.id())
                    .isIn(
                            Cause.INVALID_REQUEST,
                            Cause.MODEL_NOT_FOUND,
                            Cause.CONTEXT_TOO_LONG,
                            Cause.SUPPLIER_REFUSED);
            assertThat(failure.message()).isNotBlank();
            count++;
        }
        assertThat(count).isGreaterThan(10);
    }

    @Test
    void everyStreamIsReadWrittenAndReadAgain() throws InterruptedException {
        int count = 0;
        for (Row row : rows("bedrock-converse-stream.jsonl")) {
            if (row.status() >= 400) {
                continue;
            }
            List<Event> events = events(frames(row.response()));
            var answer = Answers.fold(events);
            var writer = new ConverseStreamWriter(() -> 7);
            var written = new ArrayList<Frame>();
            events.forEach(event -> written.addAll(writer.write(event)));
            written.addAll(writer.end());
            assertThat(Answers.fold(events(written))).as(row.id()).isEqualTo(answer);
            count++;
        }
        assertThat(count).isGreaterThan(40);
    }

    @Test
    void r15AStreamCutAtAnyByteIsMeteredTheSame() {
        int count = 0;
        for (Row row : rows("bedrock-converse-stream.jsonl")) {
            if (row.status() >= 400) {
                continue;
            }
            var whole = Cuts.same(row.id(), row.response(), ConverseCorpusTest::metered);
            assertThat(whole.out).isEqualTo(ByteBuffer.wrap(row.response()));
            assertThat(whole.finished).as(row.id()).isTrue();
            assertThat(whole.usage.totalTokens()).isPositive();
            count++;
        }
        assertThat(count).isGreaterThan(40);
    }

    private record Metered(
            ByteBuffer out,
            Usage usage,
            boolean finished,
            boolean reported,
            long contentEvents,
            List<String> frames) {}

    private static Metered metered(List<byte[]> pieces) {
        var meter = new ConverseMeter();
        var parser = new EventFrames();
        var frames = new ArrayList<Frame>();
        var out = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            out.writeBytes(meter.chunk(piece));
            parser.push(piece, frames::add);
        }
        out.writeBytes(meter.end());
        return new Metered(
                ByteBuffer.wrap(out.toByteArray()),
                meter.usage(),
                meter.finished(),
                meter.usageReported(),
                meter.contentEvents(),
                texts(frames));
    }

    @Test
    void streamsWhoseFramingWasTakenAwayAreReadToo() throws InterruptedException {
        int ended = 0;
        for (Row row : rows("bedrock-converse-stream.responses-only.jsonl")) {
            var frames = new ArrayList<Frame>();
            row.events().forEach(event -> frames.add(Frame.of(event.getBytes(UTF_8))));
            List<Event> events = events(frames);
            assertThat(events.getFirst()).isInstanceOf(Event.Started.class);
            assertThat(events).anyMatch(Event.PartFinished.class::isInstance);
            ended += events.stream().anyMatch(Event.Finished.class::isInstance) ? 1 : 0;
        }
        assertThat(ended).isPositive();
    }

    private static List<String> texts(List<Frame> frames) {
        return frames.stream()
                .map(frame -> frame.kind() + frame.name() + new String(frame.data(), UTF_8))
                .toList();
    }

    private static List<Frame> frames(byte[] body) {
        var frames = new ArrayList<Frame>();
        new EventFrames().push(body, frames::add);
        return frames;
    }

    private static List<Event> events(List<Frame> frames) throws InterruptedException {
        var events = new ArrayList<Event>();
        var reader = new ConverseStreamReader(events::add);
        for (Frame frame : frames) {
            reader.frame(frame);
        }
        reader.end();
        return events;
    }

    private static String model(Row row) {
        // A path is decoded once; an ARN keeps its slash.
        String path = URI.create("http://x" + row.path()).getPath();
        return path.substring("/model/".length(), path.lastIndexOf('/'));
    }

    private static List<Row> converse() {
        return rows("bedrock-converse.jsonl", "bedrock-converse-stream.jsonl").stream()
                .filter(row -> row.path().contains("/converse"))
                .toList();
    }

    private static List<Row> rows(String... files) {
        return Corpus.rows(files);
    }
}
