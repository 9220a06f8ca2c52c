package entrepot.protocols.google.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Extras;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.Corpus;
import entrepot.protocols.Frame;
import entrepot.protocols.google.wire.GeminiSignatures;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Streams as suppliers really send them, and as callers are told. */
class GeminiStreamTest {

    @Test
    void aSignatureStandsBeforeWhatItProves() throws Exception {
        Answer answer =
                fold(
                        parts("{\"text\":\"hm\",\"thought\":true}"),
                        parts("{\"text\":\"a\",\"thoughtSignature\":\"U2ln\"}"),
                        parts("{\"text\":\"b\"}"),
                        parts("{\"functionCall\":{\"name\":\"f\"},\"thoughtSignature\":\"eA==\"}"),
                        ended("{\"text\":\"\",\"thoughtSignature\":\"eQ==\"}"));
        assertThat(answer.parts())
                .containsExactly(
                        new Part.Reasoning("hm", null, Extras.NONE),
                        new Part.Reasoning("", "google:U2ln", Extras.NONE),
                        new Part.Text("ab", Extras.NONE),
                        new Part.Reasoning("", "google:eA==", Extras.NONE),
                        new Part.ToolCall("f_r1_0", "f", "{}", Extras.NONE),
                        new Part.Reasoning("", "google:eQ==", Extras.NONE));
        assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
    }

    @Test
    void argumentsThatComeInPiecesAreOneObject() throws Exception {
        Answer answer =
                fold(
                        parts("{\"functionCall\":{\"name\":\"f\",\"willContinue\":true}}"),
                        partial("{\"jsonPath\":\"$.a.b\",\"stringValue\":\"x\"}", true),
                        partial("{\"jsonPath\":\"$.a.b\",\"stringValue\":\"y\"}", true),
                        partial("{\"jsonPath\":\"$.n[1]\",\"numberValue\":1.10}", true),
                        partial("{\"jsonPath\":\"$['it\\\\'s']\",\"boolValue\":true}", true),
                        parts("{\"functionCall\":{}}"),
                        ended("{\"functionCall\":{\"name\":\"g\"}}"));
        assertThat(answer.parts()).hasSize(2);
        assertThat(((Part.ToolCall) answer.parts().get(0)).arguments())
                .isEqualTo("{\"a\":{\"b\":\"xy\"},\"n\":[null,1.10],\"it's\":true}");
        assertThat(((Part.ToolCall) answer.parts().get(1)).arguments()).isEqualTo("{}");
    }

    @Test
    void aBlockedPromptIsAFilteredAnswer() throws Exception {
        Answer answer =
                fold(
                        "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"responseId\":\"r1\","
                                + "\"usageMetadata\":{\"promptTokenCount\":7,"
                                + "\"totalTokenCount\":7}}");
        assertThat(answer.parts()).isEmpty();
        assertThat(answer.stopReason()).isEqualTo(StopReason.FILTER);
        assertThat(answer.usage().inputTokens()).isEqualTo(7);
    }

    @Test
    void r23TheReasonEndsAStreamAndTheLastUsageWins() throws Exception {
        var events = new ArrayList<Event>();
        var reader = new GeminiStreamReader(events::add);
        feed(reader, "{\"usageMetadata\":{\"promptTokenCount\":1}}");
        feed(reader, "");
        feed(reader, parts("{\"text\":\"a\"}"));
        feed(reader, ended("{\"text\":\"b\"}"));
        assertThat(reader.done()).as("usage may still come").isFalse();
        feed(
                reader,
                "{\"usageMetadata\":{\"promptTokenCount\":3,\"candidatesTokenCount\":2,"
                        + "\"totalTokenCount\":5}}");
        assertThat(reader.done()).isTrue();
        assertThat(Answers.fold(events).usage())
                .isEqualTo(new Usage(Map.of(Meter.FRESH_INPUT, 3L, Meter.OUTPUT, 2L), false));
    }

    /** Older models end every chunk with a reason; the first of them does not end the answer. */
    @Test
    void aReasonInEveryChunkCutsNothingOff() throws Exception {
        var events = new ArrayList<Event>();
        var reader = new GeminiStreamReader(events::add);
        for (int at = 1; at <= 3; at++) {
            String chunk = ended("{\"text\":\"piece " + at + " \"}");
            String usage =
                    ",\"usageMetadata\":{\"promptTokenCount\":3,\"candidatesTokenCount\":"
                            + at
                            + "}}";
            feed(reader, chunk.substring(0, chunk.length() - 1) + usage);
            assertThat(reader.done()).isFalse();
        }
        reader.end();
        var answer = Answers.fold(events);
        assertThat(answer.parts())
                .containsExactly(new Part.Text("piece 1 piece 2 piece 3 ", Extras.NONE));
        assertThat(answer.usage().totalTokens()).isEqualTo(6);
        assertThat(answer.stopReason()).isEqualTo(StopReason.END);
    }

    @Test
    void r21AStreamThatBreaksOffOrFailsIsNoAnswer() throws Exception {
        assertThat(failure(parts("{\"text\":\"a\"}")).cause()).isEqualTo(Cause.UNREACHABLE);
        assertThat(failure().cause()).as("R20").isEqualTo(Cause.SUPPLIER_FAILED);
        Failure failure =
                failure(
                        parts("{\"text\":\"a\"}"),
                        "[{\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\",\"details\":["
                                + "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\","
                                + "\"retryDelay\":\"34.4s\"}]}}]");
        assertThat(failure.cause()).isEqualTo(Cause.SUPPLIER_LIMITED);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofMillis(34_400));
        assertThat(failure(parts("{\"text\":\"a\"}"), "{").cause())
                .isEqualTo(Cause.SUPPLIER_FAILED);
        var writer = new GeminiStreamWriter();
        writer.write(new Event.Started("r", "m"));
        writer.write(new Event.Failed(Failure.of(Cause.UNREACHABLE, "gone")));
        assertThat(writer.end()).isEmpty();
    }

    @Test
    void anUnknownReasonPassesThrough() throws Exception {
        String chunk = ended("{\"text\":\"x\"}").replace("STOP", "MALFORMED_FUNCTION_CALL");
        assertThat(fold(chunk).stopReason())
                .isEqualTo(new StopReason.Unknown("google.gemini", "MALFORMED_FUNCTION_CALL"));
    }

    @Test
    void r30OtherVendorsSealsTravelInBase64AndComeHome() throws Exception {
        var writer = new GeminiStreamWriter();
        var chunks = new ArrayList<String>();
        for (Event event :
                Answers.events(
                        new Answer(
                                "r",
                                "m",
                                List.of(
                                        new Part.Reasoning("", "anthropic:EqQB", Extras.NONE),
                                        new Part.ToolCall("c", "f", "{}", Extras.NONE)),
                                StopReason.TOOL_CALLS,
                                Usage.NONE,
                                Extras.NONE))) {
            writer.write(event).forEach(frame -> chunks.add(new String(frame.data(), UTF_8)));
        }
        assertThat(chunks).hasSize(1);
        String signature =
                GeminiCorpusTest.parse(chunks.getFirst())
                        .at("/candidates/0/content/parts/0/thoughtSignature")
                        .stringValue();
        assertThat(new String(Base64.getDecoder().decode(signature), UTF_8))
                .isEqualTo("anthropic:EqQB");
        assertThat(GeminiSignatures.sealed(signature)).isEqualTo("anthropic:EqQB");
    }

    @Test
    void readersSurviveWhateverComes() {
        List<String> lines =
                Rows.streams().stream()
                        .flatMap(row -> Rows.chunks(row).stream())
                        .limit(200)
                        .toList();
        Seeds.each(
                3000,
                seeds -> {
                    byte[] bytes = seeds.pick(lines).getBytes(UTF_8);
                    for (int i = seeds.upTo(4); i > 0; i--) {
                        bytes[seeds.upTo(bytes.length - 1)] = (byte) seeds.upTo(127);
                    }
                    var events = new ArrayList<Event>();
                    var reader = new GeminiStreamReader(events::add);
                    reader.frame(Frame.of(bytes));
                    reader.frame(Frame.of(seeds.json(4).toString().getBytes(UTF_8)));
                    reader.end();
                    var meter = new GeminiMeter();
                    meter.chunk(bytes);
                    meter.chunk(seeds.bytes(seeds.upTo(40)));
                    meter.end();
                    assertThat(meter.usage()).isNotNull();
                    assertThat(events).isNotEmpty();
                });
    }

    @Test
    void whatCallersMayGetWrongIsRefusedAndNothingElse() {
        List<byte[]> bodies =
                Corpus.rows("gemini.jsonl").stream()
                        .map(Corpus.Row::request)
                        .filter(body -> body.length < 20_000)
                        .toList();
        Seeds.each(
                3000,
                seeds -> {
                    byte[] bytes = seeds.pick(bodies).clone();
                    for (int i = 1 + seeds.upTo(3); i > 0; i--) {
                        bytes[seeds.upTo(bytes.length - 1)] = (byte) (32 + seeds.upTo(94));
                    }
                    try {
                        GeminiRequests.write(GeminiRequests.read(bytes, "m", false));
                        GeminiEnvelope.scan(bytes);
                    } catch (entrepot.conversation.Failed failed) {
                        assertThat(failed.failure().cause()).isEqualTo(Cause.INVALID_REQUEST);
                    }
                });
    }

    private static Failure failure(String... chunks) throws InterruptedException {
        List<Event> events = Rows.read(List.of(chunks));
        return ((Event.Failed) events.getLast()).failure();
    }

    private static Answer fold(String... chunks) throws InterruptedException {
        return Answers.fold(Rows.read(List.of(chunks)));
    }

    private static void feed(GeminiStreamReader reader, String chunk) throws InterruptedException {
        reader.frame(Frame.of(chunk.getBytes(UTF_8)));
    }

    private static String partial(String piece, boolean goesOn) {
        return parts(
                "{\"functionCall\":{\"partialArgs\":["
                        + piece
                        + "],\"willContinue\":"
                        + goesOn
                        + "}}");
    }

    private static String parts(String part) {
        return "{\"responseId\":\"r1\",\"candidates\":[{\"content\":{\"parts\":[" + part + "]}}]}";
    }

    private static String ended(String part) {
        return parts(part).replaceFirst("}]}$", ",\"finishReason\":\"STOP\"}]}");
    }
}
