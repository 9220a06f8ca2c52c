package entrepot.protocols.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

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
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.json.Json;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What goes over the counter comes back as it was, but for the losses that are declared. */
class ChatLawTest {

    @Test
    void aRequestComesBackUnlessALossIsDeclared() {
        var kept = new int[1];
        Seeds.each(
                3000,
                seeds -> {
                    Request request = new Made(seeds).request();
                    if (request.messages().isEmpty()) {
                        return;
                    }
                    byte[] body = ChatRequests.write(request);
                    List<Loss> losses = ChatLosses.of(request);
                    if (losses.isEmpty()) {
                        assertThat(ChatRequests.read(body)).isEqualTo(request);
                        kept[0]++;
                    }
                    assertThat(ChatEnvelope.scan(withModel(body)).model()).isEqualTo("m");
                });
        assertThat(kept[0]).isGreaterThan(300);
    }

    @Test
    void anAnswerComesBackUnlessALossIsDeclared() {
        var kept = new int[1];
        Seeds.each(
                2000,
                seeds -> {
                    Answer answer = new Made(seeds).answer();
                    Answer again = ChatAnswers.read(ChatAnswers.write(answer, 7));
                    if (ChatLosses.of(answer).isEmpty()) {
                        assertThat(bare(again)).isEqualTo(answer);
                        kept[0]++;
                    }
                    byte[] written = ChatAnswers.write(again, 9);
                    assertThat(Json.read(written, Cause.INTERNAL))
                            .isEqualTo(Json.read(ChatAnswers.write(again, 11), Cause.INTERNAL));
                    assertThat(ChatAnswers.read(written)).isEqualTo(again);
                });
        assertThat(kept[0]).isGreaterThan(300);
    }

    @Test
    void aStreamComesBackUnlessALossIsDeclared() {
        var kept = new int[1];
        Seeds.each(
                2000,
                seeds -> {
                    var made = new Made(seeds);
                    Answer answer = made.answer();
                    List<Event> events = made.events(answer);
                    assertThat(Answers.fold(events)).isEqualTo(answer);
                    boolean asked = seeds.oneIn(2);
                    List<Event> again = read(written(events, asked));
                    Answer folded = Answers.fold(again);
                    if (ChatLosses.of(answer).isEmpty() && argumentsSaid(answer)) {
                        assertThat(folded.parts()).isEqualTo(joined(answer.parts()));
                        assertThat(folded.stopReason()).isEqualTo(answer.stopReason());
                        kept[0]++;
                    }
                    if (asked) {
                        assertThat(folded.usage()).isEqualTo(answer.usage());
                    } else {
                        assertThat(again).noneMatch(Event.UsageReported.class::isInstance);
                    }
                });
        assertThat(kept[0]).isGreaterThan(300);
    }

    @Test
    void everyDeclaredLossIsOne() {
        var real = new HashSet<String>();
        Seeds.each(
                4000,
                seeds -> {
                    Request request = new Made(seeds).request();
                    Set<String> losses =
                            ChatLosses.of(request).stream()
                                    .map(Loss::what)
                                    .collect(Collectors.toSet());
                    if (losses.size() == 1
                            && !request.messages().isEmpty()
                            && !comesBack(request)) {
                        real.addAll(losses);
                    }
                });
        assertThat(real)
                .contains(
                        ChatLosses.SIGNATURE.what(),
                        ChatLosses.JOINED.what(),
                        ChatLosses.ORDER.what(),
                        ChatLosses.FAILED_RESULT.what(),
                        ChatLosses.MISPLACED.what(),
                        ChatLosses.EMPTY_TEXT.what(),
                        "openai.chat has no word for this member of other");
    }

    @Test
    void lossesThatNoSeedMakesAreDeclaredToo() {
        var parts =
                Message.of(
                        Message.Role.USER,
                        new Part.File(null, "https://x/y", null, null, null, Extras.NONE),
                        new Part.Image("https://x/y", null, "image/png", null, Extras.NONE));
        assertThat(ChatLosses.of(Request.of("m", List.of(parts))))
                .containsExactly(
                        ChatLosses.FILE_ADDRESS.at("messages[0].parts[0].url"),
                        ChatLosses.MEDIA_TYPE.at("messages[0].parts[1].mediaType"));
        var answer =
                new Answer(
                        "a",
                        "m",
                        List.of(),
                        StopReason.STOP_SEQUENCE,
                        new Usage(Map.of(Meter.CACHE_WRITE_1H, 1L), false),
                        Extras.NONE);
        assertThat(ChatLosses.of(answer))
                .containsExactly(
                        ChatLosses.STOP_REASON.at("stopReason"),
                        ChatLosses.METER.at("usage.CACHE_WRITE_1H"));
    }

    private static boolean comesBack(Request request) {
        try {
            return ChatRequests.read(ChatRequests.write(request)).equals(request);
        } catch (Failed nothingIsLeft) {
            return false;
        }
    }

    private static byte[] withModel(byte[] body) {
        return ChatEnvelope.scan(body).splice("m", true);
    }

    /** Texts of one kind that follow each other are one text on the wire of a stream. */
    private static List<Part> joined(List<Part> parts) {
        var joined = new ArrayList<Part>();
        for (Part part : parts) {
            Part last = joined.isEmpty() ? null : joined.getLast();
            if (last instanceof Part.Text a && part instanceof Part.Text b) {
                joined.set(joined.size() - 1, new Part.Text(a.text() + b.text(), Extras.NONE));
            } else if (last instanceof Part.Refusal a && part instanceof Part.Refusal b) {
                joined.set(joined.size() - 1, new Part.Refusal(a.text() + b.text(), Extras.NONE));
            } else {
                joined.add(part);
            }
        }
        return joined;
    }

    /** A call that came in a stream without arguments has the empty object for them. */
    private static boolean argumentsSaid(Answer answer) {
        return answer.parts().stream()
                .noneMatch(p -> p instanceof Part.ToolCall call && call.arguments().isEmpty());
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

    private static List<String> written(List<Event> events, boolean usageAsked) {
        var writer = new ChatStreamWriter(7, usageAsked);
        var payloads = new ArrayList<String>();
        events.forEach(
                event -> writer.write(event).forEach(p -> payloads.add(new String(p, UTF_8))));
        writer.end().forEach(p -> payloads.add(new String(p, UTF_8)));
        return payloads;
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
}
