package entrepot.protocols.bedrock.converse;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.protocols.Frame;
import entrepot.protocols.bedrock.EventFrames;
import entrepot.protocols.json.Json;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** What goes over the counter comes back as it was, but for the losses that are declared. */
class ConverseLawTest {

    @Test
    void aRequestComesBackUnlessALossIsDeclared() {
        var kept = new int[1];
        Seeds.each(
                3000,
                seeds -> {
                    Request request = new Made(seeds).request();
                    List<Loss> losses = ConverseLosses.of(request);
                    if (losses.isEmpty() && spoken(request)) {
                        assertThat(again(ConverseRequests.write(request), request))
                                .isEqualTo(request);
                        assertThat(again(ConverseRequests.write(ConverseFit.fit(request)), request))
                                .isEqualTo(request);
                        kept[0]++;
                    }
                });
        assertThat(kept[0]).isGreaterThan(200);
    }

    /** R26 to R29: whatever the losses, what is sent is in a form that Bedrock takes. */
    @Test
    void whatIsSentIsInAFormThatBedrockTakes() {
        Seeds.each(
                1500,
                seeds -> {
                    Request request = new Made(seeds).request();
                    byte[] body = ConverseRequests.write(ConverseFit.fit(request));
                    JsonNode json = Json.read(body, Cause.INTERNAL);
                    String before = "";
                    boolean tools = false;
                    for (JsonNode message : json.path("messages")) {
                        assertThat(message.path("role").stringValue()).isNotEqualTo(before);
                        before = message.path("role").stringValue();
                        assertThat(message.path("content").isEmpty()).isFalse();
                        for (JsonNode block : message.path("content")) {
                            assertThat(block.size()).isOne();
                            tools |= block.has("toolUse") || block.has("toolResult");
                            if (block.has("text")) {
                                assertThat(block.path("text").stringValue()).isNotBlank();
                            }
                        }
                    }
                    if (tools) {
                        assertThat(json.path("toolConfig").path("tools").isEmpty()).isFalse();
                    }
                    for (JsonNode tool : json.path("toolConfig").path("tools")) {
                        JsonNode spec = tool.path("toolSpec");
                        if (spec.isObject()) {
                            assertThat(spec.path("description").asString("x")).isNotBlank();
                            assertThat(spec.path("inputSchema").path("json").has("type")).isTrue();
                        }
                    }
                });
    }

    @Test
    void anAnswerComesBackUnlessALossIsDeclared() {
        var kept = new int[1];
        Seeds.each(
                1500,
                seeds -> {
                    Answer answer = new Made(seeds).answer();
                    byte[] written = ConverseAnswers.write(answer, 7);
                    Answer again = ConverseAnswers.read(written);
                    if (ConverseLosses.of(answer).isEmpty()) {
                        assertThat(bare(again)).isEqualTo(answer);
                        kept[0]++;
                    }
                    assertThat(ConverseAnswers.read(ConverseAnswers.write(again, 9)))
                            .isEqualTo(again);
                });
        assertThat(kept[0]).isGreaterThan(300);
    }

    @Test
    void aStreamComesBackUnlessALossIsDeclared() {
        var kept = new int[1];
        Seeds.each(
                1500,
                seeds -> {
                    var made = new Made(seeds);
                    Answer answer = made.answer();
                    List<Event> events = made.events(answer);
                    assertThat(Answers.fold(events)).isEqualTo(answer);
                    List<Frame> written = written(events);
                    ordered(written);
                    Answer folded = Answers.fold(read(written));
                    if (ConverseLosses.of(answer).isEmpty()) {
                        assertThat(folded).isEqualTo(answer);
                        kept[0]++;
                    }
                    assertThat(folded.usage()).isEqualTo(answer.usage());
                });
        assertThat(kept[0]).isGreaterThan(300);
    }

    /** R17: blocks open and close one after the other, numbered without gaps. */
    private static void ordered(List<Frame> frames) {
        int closed = 0;
        assertThat(frames.getFirst().name()).isEqualTo("messageStart");
        assertThat(frames.getLast().name()).isEqualTo("metadata");
        for (Frame frame : frames) {
            JsonNode index = Json.read(frame.data(), Cause.INTERNAL).path("contentBlockIndex");
            if (index.isNumber()) {
                assertThat(index.intValue()).isEqualTo(closed);
            }
            closed += frame.name().equals("contentBlockStop") ? 1 : 0;
        }
    }

    @Test
    void declaredLossesAreReal() {
        var real = new HashSet<String>();
        Seeds.each(
                3000,
                seeds -> {
                    Request request = new Made(seeds).request();
                    List<Loss> losses = ConverseLosses.of(request);
                    if (losses.size() == 1 && spoken(request) && !comesBack(request)) {
                        real.add(losses.getFirst().what());
                    }
                });
        assertThat(real)
                .contains(
                        ConverseLosses.SAMPLING.what(),
                        ConverseLosses.EMPTY_TEXT.what(),
                        ConverseLosses.EMPTY_MESSAGE.what(),
                        ConverseLosses.TURNS.what(),
                        ConverseLosses.SYSTEM_TURN.what(),
                        ConverseLosses.ROLE.what(),
                        ConverseLosses.NAME.what(),
                        ConverseLosses.REFUSAL.what(),
                        ConverseLosses.ADDRESS.what(),
                        ConverseLosses.FILE_NAME.what(),
                        ConverseLosses.SIGNATURE.what(),
                        ConverseLosses.CALL_ID.what(),
                        ConverseLosses.ARGUMENTS.what(),
                        ConverseLosses.TOOL_FORM.what(),
                        ConverseLosses.TOOLS_LEFT_OUT.what(),
                        ConverseLosses.CACHE_POINT.what(),
                        ConverseLosses.FORMAT.what());
    }

    @Test
    void readersOfAnythingEndOrderly() {
        Seeds.each(
                2000,
                seeds -> {
                    var events = new ArrayList<Event>();
                    var reader = new ConverseStreamReader(events::add);
                    for (int i = seeds.upTo(12); i > 0; i--) {
                        reader.frame(anything(seeds));
                    }
                    reader.end();
                    assertThat(reader.done()).isTrue();
                    var parser = new EventFrames();
                    parser.push(seeds.bytes(seeds.upTo(200)), frame -> {});
                    try {
                        ConverseRequests.read("m", false, Json.write(seeds.json(4)));
                    } catch (Failed refused) {
                        assertThat(refused.failure().cause()).isEqualTo(Cause.INVALID_REQUEST);
                    }
                });
    }

    private static Frame anything(Seeds seeds) {
        String name =
                seeds.pick(
                        List.of(
                                "messageStart",
                                "contentBlockStart",
                                "contentBlockDelta",
                                "contentBlockStop",
                                "messageStop",
                                "metadata",
                                "",
                                "new"));
        var body = Json.object().put("contentBlockIndex", seeds.upTo(3));
        var inner = Json.object();
        String kind =
                seeds.pick(
                        List.of(
                                "text",
                                "toolUse",
                                "toolResult",
                                "reasoningContent",
                                "citation",
                                "image",
                                "odd"));
        inner.set(
                kind,
                seeds.oneIn(3)
                        ? seeds.json(2)
                        : kind.equals("text")
                                ? Json.object().stringNode(seeds.text(3))
                                : Json.object()
                                        .put("input", "{")
                                        .put("text", "x")
                                        .put("name", "n"));
        body.set("delta", inner);
        body.set("start", inner);
        if (seeds.oneIn(20)) {
            return new Frame(Frame.Kind.EXCEPTION, "throttlingException", Json.write(body));
        }
        return Frame.of(name, seeds.oneIn(20) ? seeds.bytes(9) : Json.write(body));
    }

    private static boolean spoken(Request request) {
        return request.messages().stream().anyMatch(message -> !ConverseMessages.isSystem(message));
    }

    private static boolean comesBack(Request request) {
        try {
            byte[] body = ConverseRequests.write(ConverseFit.fit(request));
            return again(body, request).equals(request);
        } catch (Failed nothingIsLeft) {
            return false;
        }
    }

    private static Request again(byte[] body, Request request) {
        return ConverseRequests.read(request.model(), request.stream(), body);
    }

    private static Answer bare(Answer answer) {
        return new Answer(
                answer.answerId(),
                answer.model(),
                answer.parts(),
                answer.stopReason(),
                answer.usage(),
                Extras.NONE);
    }

    private static List<Frame> written(List<Event> events) {
        var writer = new ConverseStreamWriter(() -> 7);
        var frames = new ArrayList<Frame>();
        events.forEach(event -> frames.addAll(writer.write(event)));
        frames.addAll(writer.end());
        return frames;
    }

    private static List<Event> read(List<Frame> frames) throws InterruptedException {
        var events = new ArrayList<Event>();
        var reader = new ConverseStreamReader(events::add);
        // Over the wire and back.
        var parser = new EventFrames();
        var arrived = new ArrayList<Frame>();
        frames.forEach(frame -> parser.push(EventFrames.bytes(frame), arrived::add));
        for (Frame frame : arrived) {
            reader.frame(frame);
        }
        reader.end();
        return events;
    }
}
