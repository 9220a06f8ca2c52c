package entrepot.protocols.openai.responses;

import static entrepot.protocols.openai.responses.Recorded.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Message;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.conversation.StopReason;
import entrepot.conversation.Tool;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.Frame;
import entrepot.protocols.json.Json;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What goes over the counter comes back as it was, but for the losses that are declared. */
class ResponsesLawTest {

    @Test
    void aRequestComesBackUnlessALossIsDeclared() {
        var kept = new int[1];
        Seeds.each(
                4000,
                seeds -> {
                    Request request = new Made(seeds).request();
                    byte[] body = ResponsesRequests.write(request);
                    Request again = ResponsesRequests.read(body);
                    if (ResponsesLosses.of(request).isEmpty()) {
                        assertThat(again).isEqualTo(request);
                        kept[0]++;
                    }
                    assertThat(Json.read(ResponsesRequests.write(again), Cause.INTERNAL))
                            .isEqualTo(Json.read(body, Cause.INTERNAL));
                    assertThat(ResponsesEnvelope.scan(body).model()).isEqualTo(request.model());
                });
        assertThat(kept[0]).isGreaterThan(300);
    }

    @Test
    void anAnswerComesBackUnlessALossIsDeclared() {
        var kept = new int[1];
        Seeds.each(
                3000,
                seeds -> {
                    Answer answer = new Made(seeds).answer();
                    ObjectNode told = Recorded.voice(Json.object()).response(answer);
                    Answer again = ResponsesAnswers.read(told);
                    if (ResponsesLosses.of(answer).isEmpty()) {
                        assertThat(Bare.of(again.parts())).isEqualTo(answer.parts());
                        assertThat(again.stopReason()).isEqualTo(answer.stopReason());
                        assertThat(again.usage()).isEqualTo(answer.usage());
                        kept[0]++;
                    }
                    assertThat(ResponsesAnswers.asRead(again)).isEqualTo(told);
                });
        assertThat(kept[0]).isGreaterThan(300);
    }

    @Test
    void aStreamComesBackUnlessALossIsDeclared() {
        var kept = new int[1];
        Seeds.each(
                3000,
                seeds -> {
                    var made = new Made(seeds);
                    Answer answer = made.answer();
                    List<String> payloads =
                            Recorded.written(Recorded.voice(Json.object()), made.events(answer));
                    ToldStream.check(payloads);
                    Answer again = Answers.fold(read(payloads));
                    if (ResponsesLosses.of(answer).isEmpty()) {
                        assertThat(Bare.of(again.parts()))
                                .containsExactlyInAnyOrderElementsOf(argued(answer.parts()));
                        assertThat(again.stopReason()).isEqualTo(answer.stopReason());
                        assertThat(again.usage()).isEqualTo(answer.usage());
                        kept[0]++;
                    }
                });
        assertThat(kept[0]).isGreaterThan(300);
    }

    @Test
    void everyDeclaredLossIsOne() {
        var real = new HashSet<String>();
        Seeds.each(
                8000,
                seeds -> {
                    Request request = new Made(seeds).request();
                    Set<String> losses =
                            ResponsesLosses.of(request).stream()
                                    .map(Loss::what)
                                    .collect(Collectors.toSet());
                    byte[] body = ResponsesRequests.write(request);
                    if (losses.size() == 1 && !ResponsesRequests.read(body).equals(request)) {
                        real.addAll(losses);
                    }
                });
        assertThat(real)
                .contains(
                        ResponsesLosses.SIGNATURE.what(),
                        ResponsesLosses.JOINED.what(),
                        ResponsesLosses.FAILED_RESULT.what(),
                        ResponsesLosses.AUDIO.what(),
                        ResponsesLosses.EMPTY_TURN.what(),
                        ResponsesLosses.NAME.what(),
                        ResponsesLosses.FILENAME.what(),
                        ResponsesLosses.TOP_K.what(),
                        ResponsesLosses.SEED.what(),
                        ResponsesLosses.PENALTY.what(),
                        ResponsesLosses.STOP.what(),
                        ResponsesLosses.REASONING_BUDGET.what(),
                        "openai.responses has no word for this member of other");
    }

    @Test
    void lossesThatNoSeedMakesAreDeclaredToo() {
        var message =
                Message.of(
                        Message.Role.USER,
                        new Part.Image("https://x/y", null, "image/png", null, Extras.NONE),
                        new Part.Refusal("no", Extras.NONE),
                        new Part.CachePoint(null));
        var request =
                Request.of("m", List.of(message))
                        .withTools(List.of(new Tool.CachePoint(null), foreignTool()));
        assertThat(ResponsesLosses.of(request))
                .containsExactly(
                        ResponsesLosses.MEDIA_TYPE.at("messages[0].parts[0].mediaType"),
                        ResponsesLosses.MISPLACED.at("messages[0].parts[1]"),
                        ResponsesLosses.CACHE_POINT.at("messages[0].parts[2]"),
                        ResponsesLosses.CACHE_POINT.at("tools[0]"),
                        ResponsesLosses.FOREIGN.at("tools[1]"));
        var answer =
                new Answer(
                        "a",
                        "m",
                        List.of(new Part.Audio("aGk=", "wav", Extras.NONE)),
                        StopReason.STOP_SEQUENCE,
                        new Usage(Map.of(Meter.CACHE_WRITE_1H, 1L), false),
                        Extras.NONE);
        assertThat(ResponsesLosses.of(answer))
                .contains(
                        ResponsesLosses.MISPLACED.at("parts[0]"),
                        ResponsesLosses.STOP_REASON.at("stopReason"),
                        ResponsesLosses.METER.at("usage.CACHE_WRITE_1H"));
        assertThat(Sampling.DEFAULT.stop()).isEmpty();
    }

    @Test
    void noReaderBreaksOnWhateverComes() {
        Seeds.each(
                3000,
                seeds -> {
                    JsonNode made = mutated(seeds);
                    byte[] body = Json.write(made);
                    harmless(() -> ResponsesRequests.read(body));
                    harmless(() -> ResponsesEnvelope.scan(body).splice("other"));
                    harmless(() -> ResponsesAnswers.read(body));
                    var events = new ArrayList<Event>();
                    var reader = new ResponsesStreamReader(events::add);
                    var meter = new ResponsesMeter();
                    for (int i = 0; i < 6; i++) {
                        String payload = mutated(seeds).toString();
                        reader.frame(Frame.of(payload.getBytes(UTF_8)));
                        meter.chunk(("data: " + payload + "\n\n").getBytes(UTF_8));
                    }
                    reader.end();
                    meter.end();
                    assertThat(events.getLast())
                            .isInstanceOfAny(
                                    Event.Finished.class,
                                    Event.UsageReported.class,
                                    Event.Failed.class);
                });
    }

    private static void harmless(Runnable reading) {
        try {
            reading.run();
        } catch (Failed refused) {
            assertThat(refused.failure().message()).isNotEmpty();
        } catch (RuntimeException e) {
            fail("broke", e);
        }
    }

    private static JsonNode mutated(Seeds seeds) {
        var made = new Made(seeds);
        if (seeds.oneIn(2)) {
            return spoilt(
                    Json.read(ResponsesRequests.write(made.request()), Cause.INTERNAL), seeds);
        }
        List<String> stream =
                Recorded.written(Recorded.voice(Json.object()), made.events(made.answer()));
        String payload = seeds.pick(stream);
        return spoilt(Json.read(payload, Cause.INTERNAL), seeds);
    }

    /** Puts something else in some place. */
    private static JsonNode spoilt(JsonNode node, Seeds seeds) {
        if (seeds.oneIn(12)) {
            return seeds.json(1);
        }
        if (node instanceof ObjectNode object) {
            ObjectNode copy = Json.object();
            object.properties()
                    .forEach(m -> {
                        if (!seeds.oneIn(30)) {
                            copy.set(m.getKey(), spoilt(m.getValue(), seeds));
                        }
                    });
            return copy;
        }
        if (node instanceof ArrayNode list) {
            ArrayNode copy = Json.object().arrayNode();
            list.forEach(each -> copy.add(spoilt(each, seeds)));
            return copy;
        }
        return node;
    }

    private static Tool foreignTool() {
        return new Tool.Unknown("google.gemini", Json.object().put("googleSearch", true));
    }

    /** A call that came in a stream without arguments has the empty object for them. */
    private static List<Part> argued(List<Part> parts) {
        return parts.stream()
                .map(part ->
                        part instanceof Part.ToolCall call && call.arguments().isEmpty()
                                ? new Part.ToolCall(call.callId(), call.name(), "{}", call.extras())
                                : part)
                .toList();
    }
}
