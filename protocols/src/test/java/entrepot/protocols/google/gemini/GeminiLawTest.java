package entrepot.protocols.google.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Loss;
import entrepot.conversation.Message;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.protocols.Frame;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What goes over the counter comes back as it was, but for the losses that are declared. */
class GeminiLawTest {

    @Test
    void aRequestComesBackUnlessALossIsDeclared() {
        var kept = new int[1];
        Seeds.each(
                6000,
                seeds -> {
                    Request request = new Made(seeds).request();
                    byte[] body = GeminiRequests.write(request);
                    GeminiEnvelope.scan(body);
                    if (GeminiLosses.of(request).isEmpty()) {
                        assertThat(read(body, request)).isEqualTo(request);
                        kept[0]++;
                    }
                });
        assertThat(kept[0]).isGreaterThan(300);
    }

    @Test
    void whatWasReadIsWrittenTheSameAgain() {
        Seeds.each(
                2000,
                seeds -> {
                    Request request = new Made(seeds).request();
                    byte[] body = GeminiRequests.write(request);
                    byte[] again = GeminiRequests.write(read(body, request));
                    assertThat(Rows.json(again)).isEqualTo(Rows.json(body));
                });
    }

    @Test
    void anAnswerComesBackUnlessALossIsDeclared() {
        var kept = new int[1];
        Seeds.each(
                2000,
                seeds -> {
                    Answer answer = new Made(seeds).answer();
                    byte[] body = GeminiAnswers.write(answer);
                    Answer again = GeminiAnswers.read(body);
                    if (GeminiLosses.of(answer).isEmpty()) {
                        assertThat(bare(again)).isEqualTo(answer);
                        kept[0]++;
                    }
                    assertThat(Rows.json(GeminiAnswers.write(again))).isEqualTo(Rows.json(body));
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
                    List<Event> again = read(written(events));
                    if (again.getLast() instanceof Event.Failed) {
                        throw new AssertionError("failed: " + again);
                    }
                    Answer folded = Answers.fold(again);
                    if (GeminiLosses.of(answer).isEmpty() && inOrder(events)) {
                        assertThat(folded.parts()).isEqualTo(joined(answer.parts()));
                        assertThat(folded.stopReason()).isEqualTo(answer.stopReason());
                        kept[0]++;
                    }
                    assertThat(folded.usage()).isEqualTo(answer.usage());
                });
        assertThat(kept[0]).isGreaterThan(300);
    }

    @Test
    void everyDeclaredLossIsOne() {
        var real = new HashSet<String>();
        Seeds.each(
                6000,
                seeds -> {
                    Request request = new Made(seeds).request();
                    Set<String> losses =
                            GeminiLosses.of(request).stream()
                                    .map(Loss::what)
                                    .collect(Collectors.toSet());
                    if (losses.size() == 1 && !comesBack(request)) {
                        real.addAll(losses);
                    }
                });
        assertThat(real)
                .contains(
                        GeminiLosses.SIGNATURE.what(),
                        GeminiLosses.JOINED.what(),
                        GeminiLosses.INSTRUCTION.what(),
                        GeminiLosses.ROLE.what(),
                        GeminiLosses.NAME.what(),
                        GeminiLosses.REFUSAL.what(),
                        GeminiLosses.ARGUMENTS.what(),
                        GeminiLosses.MEDIA_TYPE.what(),
                        GeminiLosses.DETAIL.what(),
                        GeminiLosses.STRICT.what(),
                        GeminiLosses.PARALLEL.what(),
                        GeminiLosses.EFFORT.what(),
                        "google.gemini has no word for this member of other");
    }

    @Test
    void aMisplacedPartIsALossOfMeaning() {
        var call = new Part.ToolCall("c", "f", "{}", Extras.NONE);
        var request = Request.of("m", List.of(Message.of(Message.Role.USER, call)));
        assertThat(GeminiLosses.of(request))
                .containsExactly(GeminiLosses.MISPLACED.at("messages[0].parts[0]"));
        assertThat(GeminiLosses.MISPLACED.at("x").weight()).isEqualTo(Loss.Weight.MEANING);
    }

    private static Request read(byte[] body, Request request) {
        return GeminiRequests.read(body, request.model(), request.stream());
    }

    private static boolean comesBack(Request request) {
        try {
            return read(GeminiRequests.write(request), request).equals(request);
        } catch (Failed nothingIsLeft) {
            return false;
        }
    }

    /** Texts of one kind that follow each other are one text on the wire of a stream. */
    private static List<Part> joined(List<Part> parts) {
        var joined = new ArrayList<Part>();
        for (Part part : parts) {
            Part last = joined.isEmpty() ? null : joined.getLast();
            if (last instanceof Part.Text a && part instanceof Part.Text b) {
                joined.set(joined.size() - 1, new Part.Text(a.text() + b.text(), Extras.NONE));
            } else if (last instanceof Part.Reasoning a
                    && part instanceof Part.Reasoning b
                    && a.signature() == null
                    && !GeminiParts.isProof(b)) {
                joined.set(
                        joined.size() - 1,
                        new Part.Reasoning(a.text() + b.text(), b.signature(), Extras.NONE));
            } else if (!(part instanceof Part.Text text && text.text().isEmpty())
                    && !(part instanceof Part.Reasoning thought
                            && thought.text().isEmpty()
                            && thought.signature() == null)) {
                joined.add(part);
            }
        }
        return joined;
    }

    /** A call is told when it is finished: here, when the one before it was. */
    private static boolean inOrder(List<Event> events) {
        List<Integer> finished =
                events.stream()
                        .filter(Event.PartFinished.class::isInstance)
                        .map(event -> ((Event.PartFinished) event).index())
                        .toList();
        return finished.equals(finished.stream().sorted().toList());
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
        var writer = new GeminiStreamWriter();
        var frames = new ArrayList<Frame>();
        events.forEach(event -> frames.addAll(writer.write(event)));
        frames.addAll(writer.end());
        return frames;
    }

    private static List<Event> read(List<Frame> frames) throws InterruptedException {
        var events = new ArrayList<Event>();
        var reader = new GeminiStreamReader(events::add);
        for (Frame frame : frames) {
            reader.frame(frame);
        }
        reader.end();
        return events;
    }
}
