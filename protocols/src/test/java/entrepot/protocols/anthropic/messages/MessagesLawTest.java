package entrepot.protocols.anthropic.messages;

import static org.assertj.core.api.Assertions.assertThat;

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
import entrepot.protocols.Frame;
import entrepot.protocols.anthropic.ApiVersion;
import entrepot.protocols.anthropic.versions.ApiVersions;
import entrepot.protocols.json.Json;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What goes over the counter comes back as it was, but for the losses that are declared. */
class MessagesLawTest {

    private static final ApiVersion VERSION = ApiVersions.WIDEST;

    @Test
    void aRequestComesBackUnlessALossIsDeclared() {
        var kept = new int[1];
        Seeds.each(
                6000,
                seeds -> {
                    Request request = new Made(seeds).request();
                    byte[] body = MessagesRequests.write(request);
                    List<Loss> losses = MessagesLosses.of(request);
                    if (losses.isEmpty()) {
                        assertThat(said(MessagesRequests.read(body, VERSION)))
                                .isEqualTo(said(request));
                        kept[0]++;
                    }
                    assertThat(MessagesEnvelope.scan(body, VERSION).model())
                            .isEqualTo(request.model());
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
                    Answer again = MessagesAnswers.read(MessagesAnswers.write(answer));
                    if (MessagesLosses.of(answer).isEmpty()) {
                        assertThat(bare(again)).isEqualTo(answer);
                        kept[0]++;
                    }
                    byte[] written = MessagesAnswers.write(again);
                    assertThat(MessagesAnswers.read(written)).isEqualTo(again);
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
                    List<Event> events = made.events(answer);
                    assertThat(Answers.fold(events)).isEqualTo(answer);
                    Answer folded = Answers.fold(read(written(events)));
                    if (MessagesLosses.of(answer).isEmpty()) {
                        assertThat(folded.parts()).isEqualTo(answer.parts());
                        assertThat(folded.stopReason()).isEqualTo(answer.stopReason());
                        // What is told last counts, but for an input of nothing at all.
                        if (answer.usage().inputTokens() > 0) {
                            assertThat(folded.usage()).isEqualTo(answer.usage());
                        }
                        kept[0]++;
                    }
                });
        assertThat(kept[0]).isGreaterThan(300);
    }

    @Test
    void everyDeclaredLossIsOne() {
        var real = new HashSet<String>();
        Seeds.each(
                20_000,
                seeds -> {
                    Request request = new Made(seeds).request();
                    Set<String> losses =
                            MessagesLosses.of(request).stream()
                                    .map(Loss::what)
                                    .collect(Collectors.toSet());
                    if (losses.size() == 1 && !comesBack(request)) {
                        real.addAll(losses);
                    }
                });
        assertThat(real)
                .contains(
                        MessagesLosses.OUTPUT_LIMIT.what(),
                        MessagesLosses.SAMPLING.what(),
                        MessagesLosses.TEMPERATURE.what(),
                        MessagesLosses.EFFORT.what(),
                        MessagesLosses.FORMAT_NAME.what(),
                        MessagesLosses.ANY_JSON.what(),
                        MessagesLosses.PARALLEL_CALLS.what(),
                        MessagesLosses.NO_PARAMETERS.what(),
                        MessagesLosses.NAME.what(),
                        MessagesLosses.PROMPT.what(),
                        MessagesLosses.SYSTEM_TURN.what(),
                        MessagesLosses.EMPTY.what(),
                        MessagesLosses.REFUSAL.what(),
                        MessagesLosses.UNSIGNED.what(),
                        MessagesLosses.ARGUMENTS.what(),
                        MessagesLosses.CALL_ID.what(),
                        MessagesLosses.TURN.what(),
                        MessagesLosses.DETAIL.what(),
                        MessagesLosses.FILE_TYPE.what(),
                        MessagesLosses.FILE_TEXT.what(),
                        MessagesLosses.AUDIO.what(),
                        MessagesLosses.CACHE_PLACE.what(),
                        "anthropic.messages has no word for this member of other");
    }

    private static boolean comesBack(Request request) {
        try {
            return said(MessagesRequests.read(MessagesRequests.write(request), VERSION))
                    .equals(said(request));
        } catch (Failed cannotBeWritten) {
            return false;
        }
    }

    /** A request, its calls' arguments as the JSON they are. */
    private static String said(Request request) {
        Request bare =
                new Request(
                        request.model(),
                        request.messages().stream()
                                .map(message ->
                                        new Message(
                                                message.role(),
                                                parts(message.parts()),
                                                message.name(),
                                                message.extras()))
                                .toList(),
                        request.tools(),
                        request.toolChoice(),
                        request.sampling(),
                        request.format(),
                        request.stream(),
                        request.extras());
        return bare.toString();
    }

    private static List<Part> parts(List<Part> parts) {
        return parts.stream()
                .map(part ->
                        part instanceof Part.ToolCall call
                                        && MessagesBlocks.object(call.arguments()) != null
                                ? new Part.ToolCall(
                                        call.callId(),
                                        call.name(),
                                        MessagesBlocks.input(call.arguments()).toString(),
                                        call.extras())
                                : part)
                .toList();
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
        var writer = new MessagesStreamWriter(() -> 7, "req_1");
        var frames = new ArrayList<Frame>();
        events.forEach(event -> frames.addAll(writer.write(event)));
        frames.addAll(writer.end());
        Law.check(frames);
        return frames;
    }

    private static List<Event> read(List<Frame> frames) throws InterruptedException {
        var events = new ArrayList<Event>();
        var reader = new MessagesStreamReader(events::add);
        for (Frame frame : frames) {
            reader.frame(frame);
        }
        reader.end();
        return events;
    }

    /** R17: the order that Anthropic's clients rely on. */
    static final class Law {

        private Law() {}

        static void check(List<Frame> frames) {
            int open = -1;
            int next = 0;
            for (int i = 0; i < frames.size(); i++) {
                var json = Json.read(frames.get(i).data(), Cause.INTERNAL);
                assertThat(json.path("type").stringValue()).isEqualTo(frames.get(i).name());
                int index = json.path("index").asInt(-1);
                switch (frames.get(i).name()) {
                    case "message_start" -> {
                        assertThat(i).isZero();
                        assertThat(json.path("message").path("usage").path("input_tokens").isInt())
                                .isTrue();
                    }
                    case "content_block_start" -> {
                        assertThat(open).isEqualTo(-1);
                        assertThat(index).isEqualTo(next++);
                        open = index;
                    }
                    case "content_block_delta" -> assertThat(index).isEqualTo(open);
                    case "content_block_stop" -> {
                        assertThat(index).isEqualTo(open);
                        open = -1;
                    }
                    case "message_delta" -> {
                        assertThat(i).isEqualTo(frames.size() - 2);
                        assertThat(open).isEqualTo(-1);
                    }
                    default -> assertThat(frames.get(i).name()).isEqualTo("message_stop");
                }
            }
            assertThat(frames.getLast().name()).isEqualTo("message_stop");
        }
    }
}
