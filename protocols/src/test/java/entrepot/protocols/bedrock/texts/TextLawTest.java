package entrepot.protocols.bedrock.texts;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Loss.Weight;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Request;
import entrepot.protocols.Frame;
import entrepot.protocols.json.Json;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** What goes over the counter comes back as it was, but for the losses that are declared. */
class TextLawTest {

    static final List<String> MODELS =
            List.of(
                    "amazon.titan-text-express-v1",
                    "us.meta.llama3-3-70b-instruct-v1:0",
                    "us.meta.llama4-scout-17b-instruct-v1:0",
                    "meta.llama2-13b-chat-v1",
                    "mistral.mistral-7b-instruct-v0:2",
                    "cohere.command-light-text-v14",
                    "arn:aws:bedrock:us-east-1::foundation-model/cohere.command-r-plus-v1:0");

    static List<String> models() {
        return MODELS;
    }

    @ParameterizedTest
    @MethodSource("models")
    void aRequestComesBackUnlessALossIsDeclared(String model) {
        TextBody body = bodyOf(model);
        var kept = new int[1];
        Seeds.each(
                1500,
                seeds -> {
                    Request request = new Made(seeds, model).request();
                    List<Loss> losses = TextLosses.of(request, body);
                    if (losses.isEmpty()) {
                        assertThat(again(request, body)).isEqualTo(request);
                        kept[0]++;
                    }
                });
        assertThat(kept[0]).isGreaterThan(150);
    }

    /** Whatever somebody says, it never becomes what somebody else says. */
    @ParameterizedTest
    @MethodSource("models")
    void nobodySpeaksForAnother(String model) {
        TextBody body = bodyOf(model);
        Seeds.each(
                1500,
                seeds -> {
                    Request request = new Made(seeds, model).request();
                    Request again;
                    try {
                        again = again(request, body);
                    } catch (Failed nothingLeft) {
                        assertThat(nothingLeft.failure().param()).isEqualTo("messages");
                        return;
                    }
                    for (Role role : List.of(Role.SYSTEM, Role.ASSISTANT)) {
                        assertThat(again.messages().stream().filter(m -> m.role() == role).count())
                                .isLessThanOrEqualTo(count(request, role));
                    }
                });
    }

    private static long count(Request request, Role role) {
        return request.messages().stream()
                .filter(m ->
                        m.role() == role || (role == Role.SYSTEM && m.role() == Role.DEVELOPER))
                .count();
    }

    @ParameterizedTest
    @MethodSource("models")
    void anAnswerComesBackUnlessALossIsDeclared(String model) {
        TextBody body = bodyOf(model);
        var kept = new int[1];
        Seeds.each(
                1000,
                seeds -> {
                    Answer answer = new Made(seeds, model).answer();
                    byte[] written = new TextVoice(body).whole(answer);
                    Answer again = new TextDialect(body).read(written);
                    List<Loss> losses = TextLosses.of(answer, body);
                    if (losses.isEmpty()) {
                        assertThat(again).isEqualTo(answer);
                        kept[0]++;
                    }
                    assertThat(again.stopReason())
                            .isEqualTo(body.reason(body.word(answer.stopReason())));
                });
        assertThat(kept[0]).isGreaterThan(20);
    }

    @ParameterizedTest
    @MethodSource("models")
    void aStreamComesBackUnlessALossIsDeclared(String model) {
        TextBody body = bodyOf(model);
        var kept = new int[1];
        Seeds.each(
                1000,
                seeds -> {
                    var made = new Made(seeds, model);
                    Answer answer = made.answer();
                    Answer again = Answers.fold(read(written(made.events(answer), body), body));
                    if (TextLosses.of(answer, body).isEmpty()) {
                        assertThat(again).isEqualTo(answer);
                        kept[0]++;
                    }
                });
        assertThat(kept[0]).isGreaterThan(20);
    }

    @Test
    void declaredLossesAreReal() {
        var real = new HashSet<String>();
        for (String model : MODELS) {
            TextBody body = bodyOf(model);
            Seeds.each(
                    4000,
                    seeds -> {
                        Request request = new Made(seeds, model).request();
                        List<Loss> losses = TextLosses.of(request, body);
                        if (losses.size() == 1 && !comesBack(request, body)) {
                            real.add(losses.getFirst().what());
                        }
                    });
        }
        var never = new ArrayList<String>();
        for (TextLosses loss : TextLosses.values()) {
            boolean ofAnswers =
                    List.of(TextLosses.STOP_REASON, TextLosses.ANSWER_ID, TextLosses.METER)
                            .contains(loss);
            if (!ofAnswers && !real.contains(loss.what())) {
                never.add(loss.name());
            }
        }
        assertThat(never).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("models")
    void readersOfAnythingEndOrderly(String model) {
        TextBody body = bodyOf(model);
        Seeds.each(
                1000,
                seeds -> {
                    var events = new ArrayList<Event>();
                    var reader = new TextStreamReader(body, events::add);
                    for (int i = seeds.upTo(6); i > 0; i--) {
                        ObjectNode chunk = body.chunk(seeds.text(2));
                        if (seeds.oneIn(3)) {
                            chunk.set(seeds.word(), seeds.json(2));
                        }
                        reader.frame(Frame.of(seeds.oneIn(9) ? seeds.bytes(9) : Json.write(chunk)));
                    }
                    reader.end();
                    assertThat(reader.done()).isTrue();
                    try {
                        body.read(seeds.json(3), model, false);
                    } catch (Failed refused) {
                        assertThat(refused.failure().cause())
                                .isIn(Cause.INVALID_REQUEST, Cause.UNSUPPORTED);
                    }
                });
    }

    static TextBody bodyOf(String model) {
        TextBody body = TextBodies.of(model);
        assertThat(body).as(model).isNotNull();
        return body;
    }

    private static Request again(Request request, TextBody body) {
        byte[] written = new TextDialect(body).write(request);
        return body.read(
                Json.read(written, Cause.INVALID_REQUEST), request.model(), request.stream());
    }

    private static boolean comesBack(Request request, TextBody body) {
        try {
            return again(request, body).equals(request);
        } catch (Failed nothingLeft) {
            return false;
        }
    }

    @Test
    void whatIsRefusedMeansSomething() {
        for (TextLosses loss : TextLosses.values()) {
            boolean meant = loss.at("x").weight() == Weight.MEANING;
            assertThat(meant)
                    .as(loss.name())
                    .isEqualTo(
                            List.of(
                                            "BEGINS",
                                            "PREFILL",
                                            "MARKS",
                                            "PART",
                                            "CALLS",
                                            "TOOLS",
                                            "FORMAT",
                                            "LOGPROBS")
                                    .contains(loss.name()));
        }
    }

    private static List<Frame> written(List<Event> events, TextBody body) {
        var writer = new TextVoice(body).stream();
        var frames = new ArrayList<Frame>();
        events.forEach(event -> frames.addAll(writer.write(event)));
        frames.addAll(writer.end());
        return frames;
    }

    private static List<Event> read(List<Frame> frames, TextBody body) throws InterruptedException {
        var events = new ArrayList<Event>();
        var reader = new TextStreamReader(body, events::add);
        for (Frame frame : frames) {
            reader.frame(frame);
        }
        reader.end();
        return events;
    }
}
