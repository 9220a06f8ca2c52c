package entrepot.protocols.openai.responses;

import static entrepot.protocols.openai.responses.Recorded.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Extras;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.Frame;
import entrepot.protocols.json.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Streams as servers send them, and as callers are told them. */
class ResponsesStreamTest {

    private static final String ADDED =
            "{'type':'response.output_item.added','output_index':0,'item':{'type':'function_call',"
                    + "'id':'fc','call_id':'c','name':'f','arguments':''}}";
    private static final String DELTA =
            "{'type':'response.function_call_arguments.delta','output_index':0,'item_id':'fc',"
                    + "'delta':'[1]'}";
    private static final String ARGUMENTS_DONE =
            "{'type':'response.function_call_arguments.done','output_index':0,'item_id':'fc',"
                    + "'arguments':'[1]'}";
    private static final String ITEM_DONE =
            "{'type':'response.output_item.done','output_index':0,'item':{'type':'function_call',"
                    + "'id':'fc','call_id':'c','name':'f','arguments':'[1]'}}";
    private static final String COMPLETED =
            "{'type':'response.completed','response':{'id':'x','status':'completed','output':[]}}";
    private static final String ALL =
            "{'type':'response.completed','response':{'id':'x','status':'completed','output':["
                    + "{'type':'function_call','id':'fc','call_id':'c','name':'f',"
                    + "'arguments':'[1]'}]}}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                ADDED + "|" + DELTA + "|" + COMPLETED,
                ADDED + "|" + ARGUMENTS_DONE + "|" + COMPLETED,
                ADDED + "|" + ITEM_DONE + "|" + COMPLETED,
                ADDED + "|" + DELTA + "|" + ARGUMENTS_DONE + "|" + ITEM_DONE + "|" + ALL,
                DELTA + "|" + ITEM_DONE + "|" + COMPLETED,
                ITEM_DONE + "|" + COMPLETED,
                ALL
            })
    void r18ArgumentsComeInPiecesOrAtTheEndOrBoth(String stream) throws Exception {
        var answer = Answers.fold(read(stream.split("\\|")));
        assertThat(Bare.of(answer.parts()))
                .containsExactly(new Part.ToolCall("c", "f", "[1]", Extras.NONE));
        assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
    }

    @Test
    void r19ParallelCallsKeepTheirArgumentsApart() throws Exception {
        var answer =
                Answers.fold(
                        read(
                                ADDED,
                                ADDED.replace("'fc'", "'fd'")
                                        .replace("'c'", "'d'")
                                        .replace(":0", ":1"),
                                DELTA,
                                DELTA.replace("'fc'", "'fd'").replace(":0", ":1"),
                                DELTA,
                                COMPLETED));
        assertThat(Bare.of(answer.parts()))
                .containsExactlyInAnyOrder(
                        new Part.ToolCall("c", "f", "[1][1]", Extras.NONE),
                        new Part.ToolCall("d", "f", "[1]", Extras.NONE));
    }

    @Test
    void r19ItemsOfOneIndexAreToldApartByTheirIds() throws Exception {
        var answer =
                Answers.fold(
                        read(
                                ADDED,
                                ADDED.replace("'fc'", "'fd'").replace("'c'", "'d'"),
                                DELTA,
                                DELTA.replace("'fc'", "'fd'").replace("[1]", "[2]"),
                                COMPLETED));
        assertThat(Bare.of(answer.parts()))
                .containsExactlyInAnyOrder(
                        new Part.ToolCall("c", "f", "[1]", Extras.NONE),
                        new Part.ToolCall("d", "f", "[2]", Extras.NONE));
    }

    @Test
    void aServerMayGiveAnItemAnotherIdInEachEvent() throws Exception {
        var answer = Answers.fold(read(ADDED, DELTA.replace("'fc'", "'?'"), ITEM_DONE, COMPLETED));
        assertThat(Bare.of(answer.parts()))
                .containsExactly(new Part.ToolCall("c", "f", "[1]", Extras.NONE));
    }

    @Test
    void r23TheLastEventEndsTheAnswerAndNothingElse() throws Exception {
        var events = new ArrayList<Event>();
        var reader = new ResponsesStreamReader(events::add);
        frame(reader, ADDED);
        frame(reader, "");
        assertThat(reader.done()).isFalse();
        frame(reader, COMPLETED);
        assertThat(reader.done()).isTrue();
        frame(reader, DELTA);
        reader.end();
        assertThat(events.getLast()).isEqualTo(new Event.Finished(StopReason.TOOL_CALLS));
    }

    @Test
    void aStreamThatBreaksOffFails() throws Exception {
        assertThat(failure(ADDED).cause()).isEqualTo(Cause.UNREACHABLE);
        assertThat(failure().cause()).isEqualTo(Cause.SUPPLIER_FAILED);
        assertThat(failure("{'type':'response.created','response':{}}", "{oops").cause())
                .isEqualTo(Cause.SUPPLIER_FAILED);
    }

    @Test
    void errorsInTheStreamAreUnderstoodInEveryForm() throws Exception {
        assertThat(
                        failure(
                                        ADDED,
                                        "{'type':'response.failed','response':{'status':'failed',"
                                                + "'error':{'code':'rate_limit_exceeded',"
                                                + "'message':'slow'}}}")
                                .cause())
                .isEqualTo(Cause.SUPPLIER_LIMITED);
        Failure flat = failure("{'type':'error','code':'server_error','message':'x','param':null}");
        assertThat(flat.cause()).isEqualTo(Cause.SUPPLIER_FAILED);
        assertThat(flat.supplierCode()).isEqualTo("server_error");
        assertThat(
                        failure(
                                        "{'type':'error','error':{'type':'insufficient_quota',"
                                                + "'code':'insufficient_quota','message':'x'}}")
                                .cause())
                .isEqualTo(Cause.SUPPLIER_REFUSED);
        assertThat(failure("{'error':{'message':'x','type':'overloaded_error'}}").cause())
                .isEqualTo(Cause.SUPPLIER_OVERLOADED);
    }

    @Test
    void whyAnAnswerIsNotCompleteIsKept() throws Exception {
        String incomplete =
                "{'type':'response.incomplete','response':{'status':'incomplete',"
                        + "'incomplete_details':{'reason':'%s'},'output':[]}}";
        assertThat(Answers.fold(read(incomplete.formatted("max_output_tokens"))).stopReason())
                .isEqualTo(StopReason.LENGTH);
        assertThat(Answers.fold(read(incomplete.formatted("content_filter"))).stopReason())
                .isEqualTo(StopReason.FILTER);
        assertThat(Answers.fold(read(incomplete.formatted("new_reason"))).stopReason())
                .isEqualTo(new StopReason.Unknown(ResponsesRequests.DIALECT, "new_reason"));
    }

    @Test
    void usageThatComesAfterTheEndStandsInTheLastEvent() {
        var voice = Recorded.voice(Json.object());
        var writer = voice.stream();
        writer.write(new Event.Started("a", "m"));
        writer.write(new Event.TextDelta(0, "hi"));
        writer.write(new Event.PartFinished(0, new Part.Text("hi", Extras.NONE)));
        assertThatThrownBy(writer::end).isInstanceOf(IllegalStateException.class);
        writer.write(new Event.Finished(StopReason.LENGTH));
        var usage = new Usage(Map.of(Meter.FRESH_INPUT, 3L, Meter.REASONING, 2L), false);
        assertThat(writer.write(new Event.UsageReported(usage))).isEmpty();
        JsonNode last = json(writer.end().getLast().data());
        assertThat(last.path("type").stringValue()).isEqualTo("response.incomplete");
        JsonNode response = last.path("response");
        assertThat(response.path("usage").path("total_tokens").intValue()).isEqualTo(5);
        assertThat(response.path("incomplete_details").path("reason").stringValue())
                .isEqualTo("max_output_tokens");
        assertThat(response).hasToString(writer.response().toString());
    }

    @Test
    void r21AFailureInTheMiddleIsAnErrorAndAFailedResponse() {
        var writer = Recorded.voice(json("{'metadata':{'a':'b'}}")).stream();
        writer.write(new Event.Started("a", "m"));
        writer.write(new Event.TextDelta(0, "hi"));
        List<Frame> frames =
                writer.write(
                        new Event.Failed(
                                Failure.of(Cause.CONTEXT_TOO_LONG, "too long sk-abcdefgh")));
        assertThat(frames).extracting(Frame::name).containsExactly("error", "response.failed");
        assertThat(json(frames.getFirst().data()).path("error").path("code").stringValue())
                .isEqualTo("context_length_exceeded");
        JsonNode response = json(frames.getLast().data()).path("response");
        assertThat(response.path("status").stringValue()).isEqualTo("failed");
        assertThat(response.path("error").path("code").stringValue())
                .isEqualTo("context_length_exceeded");
        assertThat(response.path("metadata").path("a").stringValue()).isEqualTo("b");
        assertThat(response.toString()).doesNotContain("sk-abcdefgh");
        assertThat(writer.end()).isEmpty();
    }

    @Test
    void theLastWordsOfABrokenRelayAreAnErrorEvent() {
        String words =
                new String(
                        new ResponsesDialect().broken(Failure.of(Cause.UNREACHABLE, "gone")),
                        UTF_8);
        assertThat(words)
                .startsWith("\n\nevent: error\ndata: {\"type\":\"error\",")
                .endsWith("\n\n");
    }

    private static List<Event> read(String... payloads) throws InterruptedException {
        return Recorded.read(List.of(payloads).stream().map(p -> p.replace('\'', '"')).toList());
    }

    private static void frame(ResponsesStreamReader reader, String payload)
            throws InterruptedException {
        reader.frame(Frame.of(payload.replace('\'', '"').getBytes(UTF_8)));
    }

    private static Failure failure(String... payloads) throws InterruptedException {
        return ((Event.Failed) read(payloads).getLast()).failure();
    }
}
