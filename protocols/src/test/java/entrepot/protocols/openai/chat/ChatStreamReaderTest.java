package entrepot.protocols.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Extras;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage.Meter;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class ChatStreamReaderTest {

    private static final String USAGE =
            "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}";

    private final List<Event> events = new ArrayList<>();
    private final ChatStreamReader reader = new ChatStreamReader(events::add);

    @Test
    void anOrdinaryStreamAddsUp() throws Exception {
        delta("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}");
        delta("{\"content\":\"Hel\"}");
        delta("{\"content\":\"lo\"}");
        finish("stop");
        assertThat(reader.finished()).isTrue();
        assertThat(reader.done()).isFalse();
        reader.data("{\"id\":\"c1\",\"choices\":[]," + USAGE + "}");
        reader.data("[DONE]");
        reader.end();
        assertThat(events)
                .containsExactly(
                        new Event.Started("c1", "m"),
                        new Event.TextDelta(0, "Hel"),
                        new Event.TextDelta(0, "lo"),
                        new Event.PartFinished(0, new Part.Text("Hello", Extras.NONE)),
                        new Event.Finished(StopReason.END),
                        events.getLast());
        assertThat(answer().usage().of(Meter.OUTPUT)).isEqualTo(2);
    }

    @Test
    void r23HeartbeatsAfterTheReasonDoNotKeepTheAnswerOpen() throws Exception {
        delta("{\"content\":\"x\"}");
        finish("stop");
        assertThat(reader.finished()).isTrue();
        reader.data("");
        reader.data(" ");
        assertThat(reader.finished()).isTrue();
        assertThat(answer().parts()).hasSize(1);
        reader.end();
        assertThat(events).filteredOn(Event.Failed.class::isInstance).isEmpty();
    }

    @Test
    void r23NoEndMarkIsNeeded() throws Exception {
        delta("{\"content\":\"x\"}");
        finish("length");
        reader.data("{\"choices\":[]," + USAGE + "}");
        assertThat(reader.done()).isTrue();
        reader.end();
        assertThat(answer().stopReason()).isEqualTo(StopReason.LENGTH);
    }

    @Test
    void anEndMarkIsEnoughWhereNoReasonIsGiven() throws Exception {
        delta("{\"content\":\"x\"}");
        reader.data("[DONE]");
        assertThat(answer().stopReason()).isEqualTo(StopReason.END);
        assertThat(reader.done()).isTrue();
    }

    @Test
    void r88UsageAfterTheReasonCounts() throws Exception {
        delta("{\"content\":\"x\"}");
        reader.data(
                "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":0,"
                        + "\"total_tokens\":1}}");
        reader.data("{\"choices\":[]," + USAGE + "}");
        reader.data("[DONE]");
        assertThat(answer().usage().totalTokens()).isEqualTo(5);
    }

    @Test
    void r19CallsOnOneIndexStayApartByTheirIds() throws Exception {
        call(
                "{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\","
                        + "\"arguments\":\"{\\\"x\\\"\"}}");
        call("{\"index\":0,\"function\":{\"arguments\":\":1}\"}}");
        call("{\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"\"}}");
        call("{\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}");
        finish("tool_calls");
        assertThat(answer().parts())
                .containsExactly(tool("a", "f", "{\"x\":1}"), tool("b", "g", "{}"));
        assertThat(answer().stopReason()).isEqualTo(StopReason.TOOL_CALLS);
    }

    @Test
    void parallelCallsInterleaveByIndex() throws Exception {
        call("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}");
        call("{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}");
        call("{\"index\":0,\"function\":{\"arguments\":\"{}\"}}");
        call("{\"index\":1,\"function\":{\"arguments\":\"[]\"}}");
        finish("tool_calls");
        assertThat(answer().parts()).containsExactly(tool("a", "f", "{}"), tool("b", "f", "[]"));
    }

    @Test
    void wholeCallsWithoutIdOrIndexStayApart() throws Exception {
        call("{\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":1}\"}}");
        call("{\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":2}\"}}");
        finish("tool_calls");
        assertThat(answer().parts())
                .containsExactly(
                        tool("call_c1_0", "f", "{\"x\":1}"), tool("call_c1_1", "f", "{\"x\":2}"));
    }

    @Test
    void r18ACallMayComeOnlyInTheEndOrWithoutArguments() throws Exception {
        reader.data(
                "{\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},"
                    + "\"finish_reason\":\"tool_calls\",\"message\":{\"tool_calls\":[{\"id\":\"a\","
                    + "\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":1}\"}},"
                    + "{\"id\":\"b\",\"function\":{\"name\":\"g\"}}]}}]}");
        assertThat(answer().parts())
                .containsExactly(tool("a", "f", "{\"x\":1}"), tool("b", "g", "{}"));
    }

    @Test
    void r17ReasoningAndTextAreSeparateParts() throws Exception {
        delta("{\"reasoning_content\":\"hm\",\"content\":null}");
        delta("{\"reasoning_content\":\"m\",\"content\":null}");
        delta("{\"reasoning_content\":null,\"content\":\"so\"}");
        delta("{\"reasoning\":\"wait\"}");
        delta("{\"content\":\"done\"}");
        finish("stop");
        assertThat(answer().parts()).hasSize(4);
        assertThat(answer().parts().getFirst())
                .isEqualTo(new Part.Reasoning("hmm", null, Extras.NONE));
    }

    @Test
    void r89WhatIsEmptyIsNoEvent() throws Exception {
        delta("{\"content\":\"x\",\"annotations\":[],\"tool_calls\":[],\"audio\":null}");
        finish("stop");
        assertThat(events).hasSize(4);
    }

    @Test
    void r90AnUnknownReasonPasses() throws Exception {
        delta("{\"content\":\"x\"}");
        finish("pause_turn");
        assertThat(answer().stopReason())
                .isEqualTo(new StopReason.Unknown("openai.chat", "pause_turn"));
    }

    @Test
    void r55AnErrorInTheStreamIsAFailureAndNoText() throws Exception {
        delta("{\"content\":\"x\"}");
        reader.data("{\"error\":{\"message\":\"overloaded: sk-abcdefghijk\",\"code\":503}}");
        reader.data("[DONE]");
        reader.end();
        assertThat(events.getLast())
                .isInstanceOfSatisfying(
                        Event.Failed.class,
                        failed -> {
                            assertThat(failed.failure().cause())
                                    .isEqualTo(Cause.SUPPLIER_OVERLOADED);
                            assertThat(failed.failure().message()).doesNotContain("sk-abc");
                        });
        assertThat(events).filteredOn(Event.Failed.class::isInstance).hasSize(1);
    }

    @Test
    void r20AStreamWithoutAnythingIsASuppliersFailure() throws Exception {
        reader.end();
        assertThat(failure()).isEqualTo(Cause.SUPPLIER_FAILED);
    }

    @Test
    void r21AStreamThatBreaksOffSaysSoAfterWhatCame() throws Exception {
        delta("{\"content\":\"x\"}");
        reader.end();
        assertThat(events).contains(new Event.TextDelta(0, "x"));
        assertThat(failure()).isEqualTo(Cause.UNREACHABLE);
    }

    @Test
    void whatIsNotJsonFailsTheStream() throws Exception {
        delta("{\"content\":\"x\"}");
        reader.data("<html>");
        assertThat(failure()).isEqualTo(Cause.SUPPLIER_FAILED);
    }

    @Test
    void otherChoicesAndUnknownMembersSurvive() throws Exception {
        delta("{\"content\":\"x\"}");
        reader.data("{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"}}]}");
        delta("{\"annotations\":[{\"type\":\"url_citation\"}]}");
        assertThat(events)
                .filteredOn(Event.Unknown.class::isInstance)
                .extracting(e -> ((Event.Unknown) e).raw().toString())
                .containsExactly(
                        "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"}}]}",
                        "{\"choices\":[{\"delta\":{\"annotations\":[{\"type\":\"url_citation\"}]},"
                                + "\"index\":0}]}");
    }

    private Answer answer() {
        return Answers.fold(events);
    }

    private Cause failure() {
        return ((Event.Failed) events.getLast()).failure().cause();
    }

    private static Part tool(String id, String name, String arguments) {
        return new Part.ToolCall(id, name, arguments, Extras.NONE);
    }

    private void call(String call) throws InterruptedException {
        delta("{\"tool_calls\":[" + call + "]}");
    }

    private void delta(String delta) throws InterruptedException {
        reader.data(
                "{\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
                        + delta
                        + ",\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}");
    }

    private void finish(String reason) throws InterruptedException {
        reader.data(
                "{\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},"
                        + "\"finish_reason\":\""
                        + reason
                        + "\"}]}");
    }
}
