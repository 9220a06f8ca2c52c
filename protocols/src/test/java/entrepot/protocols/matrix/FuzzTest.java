package entrepot.protocols.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Request;
import entrepot.protocols.Frame;
import entrepot.protocols.Meter;
import entrepot.protocols.StreamReader;
import entrepot.protocols.anthropic.messages.MessagesEnvelope;
import entrepot.protocols.anthropic.messages.MessagesRequests;
import entrepot.protocols.anthropic.versions.ApiVersions;
import entrepot.protocols.bedrock.EventFrames;
import entrepot.protocols.bedrock.converse.ConverseEnvelope;
import entrepot.protocols.bedrock.converse.ConverseRequests;
import entrepot.protocols.google.gemini.GeminiEnvelope;
import entrepot.protocols.google.gemini.GeminiRequests;
import entrepot.protocols.openai.chat.ChatEnvelope;
import entrepot.protocols.openai.chat.ChatRequests;
import entrepot.protocols.openai.responses.ResponsesEnvelope;
import entrepot.protocols.openai.responses.ResponsesRequests;
import entrepot.testkit.Mutations;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Spoilt bodies to every reader: each is understood or refused in the words that its dialect
 * declares, and what is understood can be told in every dialect.
 */
class FuzzTest {

    /** {@code -Dentrepot.fuzz=20} tries twenty times as much. */
    private static final int TIMES = Integer.getInteger("entrepot.fuzz", 1);

    private static final int REQUESTS = 500 * TIMES;
    private static final int ANSWERS = 400 * TIMES;
    private static final int STREAMS = 400 * TIMES;

    /** How a request may be refused; a supplier's failures are not among them. */
    private static final Set<Cause> REFUSALS =
            Set.of(
                    Cause.INVALID_REQUEST,
                    Cause.TOO_LARGE,
                    Cause.UNSUPPORTED,
                    Cause.MODEL_NOT_FOUND);

    static List<Column> columns() {
        return Column.ALL;
    }

    @ParameterizedTest
    @MethodSource("columns")
    void aSpoiltRequestIsUnderstoodOrRefused(Column column) {
        List<byte[]> sound = Sound.of(column).requests();
        var understood = new int[1];
        Seeds.each(
                REQUESTS,
                seeds -> {
                    byte[] body = Mutations.of(seeds.pick(sound), seeds);
                    try {
                        scan(column, body);
                    } catch (Failed refused) {
                        assertThat(refused.failure().cause()).isIn(REFUSALS);
                    }
                    try {
                        Request request = read(column, body);
                        understood[0]++;
                        for (Column to : Column.ALL) {
                            writtenOrRefused(to, request);
                        }
                    } catch (Failed refused) {
                        assertThat(refused.failure().cause()).isIn(REFUSALS);
                        assertThat(refused.failure().message()).isNotBlank();
                    }
                });
        assertThat(understood[0]).isGreaterThan(REQUESTS / 8);
    }

    @ParameterizedTest
    @MethodSource("columns")
    void aSpoiltAnswerIsUnderstoodOrASuppliersFailure(Column column) {
        List<byte[]> sound = Sound.of(column).answers();
        var understood = new int[1];
        Seeds.each(
                ANSWERS,
                seeds -> {
                    byte[] body = Mutations.of(seeds.pick(sound), seeds);
                    int status = seeds.pick(List.of(400, 401, 404, 413, 429, 500, 503, 529));
                    assertThat(column.dialect().refusal(status, _ -> null, body).message())
                            .isNotBlank();
                    try {
                        column.dialect().usage(body);
                    } catch (Failed failed) {
                        assertThat(failed.failure().cause()).isNotEqualTo(Cause.INTERNAL);
                    }
                    Answer answer = answer(column, body);
                    if (answer == null) {
                        return;
                    }
                    understood[0]++;
                    for (Column to : Column.ALL) {
                        assertThat(to.voice().get().whole(answer)).isNotEmpty();
                        assertThat(Sound.written(to, Answers.events(answer))).isNotEmpty();
                    }
                });
        assertThat(understood[0]).isGreaterThan(ANSWERS / 8);
    }

    @ParameterizedTest
    @MethodSource("columns")
    void aSpoiltStreamKeepsTheGrammarInEveryDialect(Column column) {
        List<List<Frame>> sound = Sound.of(column).streams();
        var finished = new int[1];
        Seeds.each(
                STREAMS,
                seeds -> {
                    List<Frame> frames = spoilt(seeds.pick(sound), seeds);
                    List<Event> events = events(column, frames);
                    assertThat(events.getLast())
                            .as("a stream ends well or says why not")
                            .isInstanceOfAny(
                                    Event.Finished.class,
                                    Event.Failed.class,
                                    Event.UsageReported.class,
                                    Event.Unknown.class);
                    finished[0] += events.getLast() instanceof Event.Failed ? 0 : 1;
                    for (Column to : Column.ALL) {
                        assertThat(Sound.written(to, events)).isNotEmpty();
                    }
                    weigh(column, frames, seeds);
                });
        assertThat(finished[0]).isGreaterThan(STREAMS / 8);
    }

    private static @Nullable Answer answer(Column column, byte[] body) {
        try {
            return column.dialect().read(body);
        } catch (Failed failed) {
            assertThat(failed.failure().cause()).isNotEqualTo(Cause.INTERNAL);
            return null;
        }
    }

    private static List<Frame> spoilt(List<Frame> frames, Seeds seeds) {
        var names = new ArrayList<String>();
        frames.forEach(frame -> names.add(frame.name()));
        List<byte[]> payloads = Mutations.of(frames.stream().map(Frame::data).toList(), seeds);
        var spoilt = new ArrayList<Frame>();
        for (byte[] payload : payloads) {
            int at = Math.min(spoilt.size(), names.size() - 1);
            Frame.Kind kind = seeds.oneIn(200) ? Frame.Kind.EXCEPTION : Frame.Kind.EVENT;
            spoilt.add(new Frame(kind, seeds.oneIn(50) ? "x" : names.get(at), payload));
        }
        return spoilt;
    }

    private static List<Event> events(Column column, List<Frame> frames) throws Exception {
        var events = new ArrayList<Event>();
        StreamReader reader = column.dialect().reader(events::add);
        for (Frame frame : frames) {
            reader.frame(frame);
        }
        reader.end();
        assertThat(reader.done()).isTrue();
        return events;
    }

    /** What is passed on is only weighed: nothing that is in it may break the stream. */
    private static void weigh(Column column, List<Frame> frames, Seeds seeds) {
        Meter meter = column.dialect().meter(seeds.oneIn(2));
        for (Frame frame : frames) {
            byte[] bytes =
                    column.toString().equals("bedrock.converse")
                            ? EventFrames.bytes(frame)
                            : ("data: " + new String(frame.data(), UTF_8) + "\n\n").getBytes(UTF_8);
            for (byte[] piece : seeds.split(bytes, 3)) {
                meter.chunk(piece);
            }
        }
        meter.end();
        assertThat(meter.usage().totalTokens()).isNotNegative();
    }

    private static void writtenOrRefused(Column to, Request request) {
        try {
            assertThat(to.dialect().losses(request)).isNotNull();
            assertThat(to.dialect().write(request)).isNotEmpty();
        } catch (Failed refused) {
            assertThat(refused.failure().cause()).as("%s", to).isIn(REFUSALS);
        }
    }

    private static void scan(Column column, byte[] body) {
        switch (column.toString()) {
            case "openai.chat" -> ChatEnvelope.scan(body);
            case "openai.responses" -> ResponsesEnvelope.scan(body);
            case "anthropic.messages" -> MessagesEnvelope.scan(body, ApiVersions.WIDEST);
            case "bedrock.converse" -> ConverseEnvelope.scan(body);
            default -> GeminiEnvelope.scan(body);
        }
    }

    private static Request read(Column column, byte[] body) {
        return switch (column.toString()) {
            case "openai.chat" -> ChatRequests.read(body);
            case "openai.responses" -> ResponsesRequests.read(body);
            case "anthropic.messages" -> MessagesRequests.read(body, ApiVersions.WIDEST);
            case "bedrock.converse" -> ConverseRequests.read("anthropic.m-1:0", false, body);
            default -> GeminiRequests.read(body, "m-1", false);
        };
    }
}
