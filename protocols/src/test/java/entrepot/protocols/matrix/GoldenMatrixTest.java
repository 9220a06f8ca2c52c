package entrepot.protocols.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.anthropic.messages.MessagesAnswers;
import entrepot.protocols.anthropic.messages.MessagesRequests;
import entrepot.protocols.anthropic.versions.ApiVersions;
import entrepot.protocols.json.Json;
import entrepot.testkit.Golden;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * R26: what every dialect makes of one and the same request and answer: {@code
 * golden/matrix/request.<dialect>.json}, {@code answer.<dialect>.json} and {@code
 * answer.<dialect>.stream}. What a dialect cannot carry stands beside the request.
 */
class GoldenMatrixTest {

    private static final JsonMapper PRETTY =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Golden golden = Golden.files();

    static List<Column> columns() {
        return Column.ALL;
    }

    static List<Column> bodies() {
        return Stream.concat(Column.ALL.stream(), Column.TEXTS.stream()).toList();
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void theRequest(Column column) {
        Request request =
                MessagesRequests.read(
                        Sound.input("request.anthropic.messages.json"), ApiVersions.WIDEST);
        ObjectNode whole = Json.object();
        ArrayNode losses = whole.putArray("losses");
        for (Loss loss : column.dialect().losses(request)) {
            losses.add(loss.weight() + " " + loss.path() + ": " + loss.what());
        }
        whole.set("body", Json.read(column.dialect().write(request), Cause.INTERNAL));
        golden.expect("matrix/request." + column + ".json", pretty(whole));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void theAnswer(Column column) {
        byte[] body = column.voice().get().whole(answer());
        golden.expect("matrix/answer." + column + ".json", pretty(Json.read(body, Cause.INTERNAL)));
    }

    @ParameterizedTest
    @MethodSource("columns")
    void theAnswerAsAStream(Column column) throws InterruptedException {
        StreamWriter writer = column.voice().get().stream();
        var frames = new ArrayList<Frame>();
        for (Event event : events(answer())) {
            frames.addAll(writer.write(event));
        }
        frames.addAll(writer.end());
        var text = new StringBuilder();
        for (Frame frame : frames) {
            text.append(frame.name().isEmpty() ? "" : frame.name() + " ");
            text.append(new String(frame.data(), UTF_8)).append('\n');
        }
        golden.expect("matrix/answer." + column + ".stream", text.toString());
        assertThat(said(readAgain(column, frames)))
                .as("a supplier's stream of these frames tells the same words and calls")
                .isEqualTo(said(answer()));
    }

    private static List<String> said(Answer answer) {
        var said = new ArrayList<String>();
        for (Part part : answer.parts()) {
            switch (part) {
                case Part.Text text -> said.add(text.text());
                case Part.ToolCall call ->
                        said.add(call.name() + Json.read(call.arguments(), Cause.INTERNAL));
                default -> {
                    // How reasoning is told differs: it is seen in the files.
                }
            }
        }
        return said;
    }

    private static Answer readAgain(Column column, List<Frame> frames) throws InterruptedException {
        var collector = new Answers.Collector();
        var reader = column.dialect().reader(collector);
        for (Frame frame : frames) {
            reader.frame(frame);
        }
        reader.end();
        return collector.answer();
    }

    /** Texts in two pieces, so that what a delta looks like is seen. */
    private static List<Event> events(Answer answer) {
        var events = new ArrayList<Event>();
        for (Event event : Answers.events(answer)) {
            if (event instanceof Event.PartFinished(int index, Part.Text said)) {
                String text = said.text();
                int half = text.length() / 2;
                events.add(new Event.TextDelta(index, text.substring(0, half)));
                events.add(new Event.TextDelta(index, text.substring(half)));
            }
            events.add(event);
        }
        return events;
    }

    private static Answer answer() {
        return MessagesAnswers.read(Sound.input("answer.anthropic.messages.json"));
    }

    private static String pretty(JsonNode json) {
        return PRETTY.writeValueAsString(json) + "\n";
    }
}
