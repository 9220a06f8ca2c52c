package entrepot.protocols.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Extras;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Logprob;
import entrepot.conversation.Loss;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.protocols.Dialect;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamReader;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.google.gemini.GeminiRequests;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.chat.ChatRequests;
import entrepot.protocols.openai.responses.ResponsesRequests;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Log probabilities among the dialects that have them; the others say that they have none. */
class LogprobsTest {

    private static final String PATH = "sampling.topLogprobs";

    private static final List<Logprob> TOKENS =
            List.of(logprob("Hel", "-0.25"), logprob("lo 中", "-0.000010489701"));

    static List<Column> telling() {
        return Column.ALL.stream().filter(column -> !isSilent(column)).toList();
    }

    private static boolean isSilent(Column column) {
        return List.of("anthropic.messages", "bedrock.converse").contains(column.dialect().name());
    }

    @Test
    void theyAreAskedForInEachDialectsWords() {
        Request request = chat("\"logprobs\":true,\"top_logprobs\":3");
        for (Column column : telling()) {
            JsonNode body = Json.read(column.dialect().write(request), Cause.INTERNAL);
            Request read =
                    switch (column.dialect().name()) {
                        case "openai.chat" -> ChatRequests.read(Json.write(body));
                        case "openai.responses" -> {
                            assertThat(body.path("include").toString())
                                    .contains("message.output_text.logprobs");
                            yield ResponsesRequests.read(Json.write(body));
                        }
                        default -> GeminiRequests.read(Json.write(body), "m", false);
                    };
            assertThat(read.sampling().topLogprobs()).as(body.toString()).isEqualTo(3);
            assertThat(column.dialect().losses(request)).isEmpty();
            for (Column other : telling()) {
                assertThat(other.dialect().losses(read))
                        .as(column + " to " + other)
                        .noneMatch(loss -> loss.weight() == Loss.Weight.MEANING);
            }
        }
    }

    @Test
    void whoeverTellsNoneRefusesUnlessTheyWereNotAskedFor() {
        for (Column column : Column.ALL) {
            assertThat(column.dialect().losses(chat("\"logprobs\":false")))
                    .noneMatch(loss -> loss.weight() == Loss.Weight.MEANING);
            boolean refused =
                    column.dialect().losses(chat("\"logprobs\":true")).stream()
                            .anyMatch(loss ->
                                    loss.path().equals(PATH)
                                            && loss.weight() == Loss.Weight.MEANING);
            assertThat(refused).as(column.toString()).isEqualTo(isSilent(column));
        }
    }

    @ParameterizedTest
    @MethodSource("telling")
    void aWholeAnswerTellsThem(Column column) {
        Answer back = column.dialect().read(column.voice().get().whole(answer()));
        assertThat(plain(Logprob.of(back.parts()))).isEqualTo(plain(TOKENS));
    }

    @ParameterizedTest
    @MethodSource("telling")
    void aStreamTellsThemWithTheirText(Column column) throws InterruptedException {
        var events = new ArrayList<Event>();
        events.add(new Event.Started("a", "m"));
        TOKENS.forEach(token -> events.add(new Event.TextDelta(0, token.token(), List.of(token))));
        events.add(new Event.PartFinished(0, answer().parts().getFirst()));
        events.add(new Event.Finished(StopReason.END));
        List<Event> told = through(column, events);
        assertThat(plain(Logprob.of(Answers.fold(told).parts()))).isEqualTo(plain(TOKENS));
        assertThat(told)
                .filteredOn(Event.TextDelta.class::isInstance)
                .extracting(event -> ((Event.TextDelta) event).logprobs().size())
                .containsExactly(1, 1);
    }

    @ParameterizedTest
    @MethodSource("telling")
    void aStreamOfOnePieceTellsThemAll(Column column) throws InterruptedException {
        List<Event> told = through(column, Answers.events(answer()));
        assertThat(plain(Logprob.of(Answers.fold(told).parts()))).isEqualTo(plain(TOKENS));
    }

    private static List<Event> through(Column column, List<Event> events)
            throws InterruptedException {
        StreamWriter writer = column.voice().get().stream();
        var frames = new ArrayList<Frame>();
        for (Event event : events) {
            frames.addAll(writer.write(event));
        }
        frames.addAll(writer.end());
        var told = new ArrayList<Event>();
        Dialect dialect = column.dialect();
        StreamReader reader = dialect.reader(told::add);
        for (Frame frame : frames) {
            reader.frame(frame);
        }
        reader.end();
        return told;
    }

    private static Request chat(String members) {
        return ChatRequests.read(
                ("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                                + members
                                + "}")
                        .getBytes(UTF_8));
    }

    private static Answer answer() {
        var text = new Part.Text("Hello 中", TOKENS, Extras.NONE);
        return new Answer("a", "m", List.of(text), StopReason.END, Usage.NONE, Extras.NONE);
    }

    private static Logprob logprob(String token, String value) {
        var top = new Logprob("\"", new BigDecimal("-12.5"), List.of(), List.of());
        var same = new Logprob(token, new BigDecimal(value), List.of(), List.of());
        return new Logprob(token, new BigDecimal(value), List.of(), List.of(same, top));
    }

    /** Without the bytes, which OpenAI tells and Google does not. */
    private static List<Logprob> plain(List<Logprob> logprobs) {
        return logprobs.stream()
                .map(each ->
                        new Logprob(each.token(), each.logprob(), List.of(), plain(each.top())))
                .toList();
    }
}
