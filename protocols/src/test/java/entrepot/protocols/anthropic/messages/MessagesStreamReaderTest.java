package entrepot.protocols.anthropic.messages;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.EventGrammar;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.protocols.Frame;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Whatever the wire does, the events keep their grammar and lose nothing that was said. */
class MessagesStreamReaderTest {

    private static final String START =
            "{'type':'message_start','message':{'id':'m','model':'x','usage':{'input_tokens':2230,"
                    + "'cache_read_input_tokens':5,'output_tokens':1}}}";
    private static final String STOP = "{'type':'message_stop'}";

    private static String delta(int index, String type, String name, String text) {
        return "{'type':'content_block_delta','index':%d,'delta':{'type':'%s','%s':'%s'}}"
                .formatted(index, type, name, text);
    }

    private static String open(int index, String block) {
        return "{'type':'content_block_start','index':" + index + ",'content_block':" + block + "}";
    }

    private static String end(String reason) {
        return "{'type':'message_delta','delta':{'stop_reason':'"
                + reason
                + "'},'usage':{'output_tokens':7}}";
    }

    private static List<Event> read(String... payloads) throws InterruptedException {
        var events = new ArrayList<Event>();
        var reader = new MessagesStreamReader(events::add);
        for (String payload : payloads) {
            reader.frame(Frame.of(payload.replace('\'', '"').getBytes(UTF_8)));
        }
        reader.end();
        var grammar = new EventGrammar();
        events.forEach(grammar::accept);
        return events;
    }

    private static Answer answer(String... payloads) throws InterruptedException {
        return Answers.fold(read(payloads));
    }

    private static List<String> texts(Answer answer) {
        return answer.parts().stream()
                .map(part ->
                        switch (part) {
                            case Part.Text text -> text.text();
                            case Part.Reasoning thought -> "(" + thought.text() + ")";
                            case Part.ToolCall call -> call.name() + call.arguments();
                            default -> "?";
                        })
                .toList();
    }

    @Test
    void r17AStartThatIsRepeatedStartsNothing() throws Exception {
        Answer answer = answer(START, START, delta(0, "text_delta", "text", "a"), end("x"), STOP);
        assertThat(texts(answer)).containsExactly("a");
    }

    @Test
    void anAnswerThatBeginsAgainAfterItSaidSomethingHasFailed() throws Exception {
        List<Event> events = read(START, delta(0, "text_delta", "text", "a"), START, STOP);
        assertThat(events.getLast()).isInstanceOf(Event.Failed.class);
    }

    @Test
    void r17ThinkingWithinATextBlockIsABlockOfItsOwn() throws Exception {
        Answer answer =
                answer(
                        START,
                        open(0, "{'type':'text','text':''}"),
                        delta(0, "text_delta", "text", "a"),
                        delta(0, "thinking_delta", "thinking", "b"),
                        delta(0, "text_delta", "text", "c"),
                        end("end_turn"),
                        STOP);
        assertThat(texts(answer)).containsExactly("a", "(b)", "c");
    }

    @Test
    void r18ArgumentsComeInDeltasInTheBeginningOrNotAtAll() throws Exception {
        String call = "{'type':'tool_use','id':'t','name':'f','input':%s}";
        Answer answer =
                answer(
                        START,
                        open(0, call.formatted("{'a':1}")),
                        open(1, call.formatted("{}")),
                        delta(1, "input_json_delta", "partial_json", "[]"),
                        open(2, call.formatted("{}")),
                        STOP);
        assertThat(texts(answer)).containsExactly("f{\"a\":1}", "f[]", "f{}");
        assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
    }

    @Test
    void r31SignedBlocksAreKeptThoughTheySayNothing() throws Exception {
        Answer answer =
                answer(
                        START,
                        open(0, "{'type':'thinking','thinking':'','signature':''}"),
                        delta(0, "signature_delta", "signature", "EqQB"),
                        open(1, "{'type':'redacted_thinking','data':'xyz'}"),
                        open(2, "{'type':'thinking','thinking':'','signature':''}"),
                        open(3, "{'type':'text','text':''}"),
                        end("end_turn"),
                        STOP);
        assertThat(answer.parts())
                .extracting(part -> ((Part.Reasoning) part).signature())
                .containsExactly("anthropic:EqQB", "anthropic:redacted:xyz");
    }

    @Test
    void r90LaterUsageAndUnknownReasonsStandAsTheyCame() throws Exception {
        Answer answer =
                answer(
                        START,
                        "{'type':'message_delta','delta':{'stop_reason':'pause_turn'},'usage':"
                                + "{'input_tokens':12284,'output_tokens':7}}",
                        STOP);
        assertThat(answer.usage().inputTokens()).isEqualTo(12_289);
        assertThat(answer.stopReason())
                .isEqualTo(new StopReason.Unknown(MessagesRequests.DIALECT, "pause_turn"));
    }

    @Test
    void aStreamThatGaveItsReasonNeedsNoStopAndOneThatDidNotBrokeOff() throws Exception {
        assertThat(answer(START, end("max_tokens")).stopReason()).isEqualTo(StopReason.LENGTH);
        assertThat(read(START).getLast())
                .isInstanceOfSatisfying(
                        Event.Failed.class,
                        failed ->
                                assertThat(failed.failure().cause()).isEqualTo(Cause.UNREACHABLE));
        assertThat(read("{'type':'error','error':{'type':'overloaded_error'}}").getLast())
                .isInstanceOfSatisfying(
                        Event.Failed.class,
                        failed ->
                                assertThat(failed.failure().cause())
                                        .isEqualTo(Cause.SUPPLIER_OVERLOADED));
    }

    @Test
    void noFrameAtAllBreaksTheGrammar() {
        List<String> frames =
                List.of(
                        START,
                        STOP,
                        end("end_turn"),
                        open(0, "{'type':'text','text':'a'}"),
                        open(1, "{'type':'tool_use','id':'t','name':'f','input':{}}"),
                        open(2, "{'type':'server_tool_use','id':'s','name':'g','input':{}}"),
                        delta(0, "text_delta", "text", "b"),
                        delta(1, "input_json_delta", "partial_json", "{}"),
                        delta(2, "thinking_delta", "thinking", "c"),
                        delta(9, "odd_delta", "odd", "d"),
                        "{'type':'content_block_stop','index':0}",
                        "{'type':'content_block_stop','index':7}",
                        "{'type':'new_event'}",
                        "[1]",
                        "not JSON",
                        "[DONE]");
        Seeds.each(
                2000,
                seeds -> {
                    var some = new String[seeds.upTo(12)];
                    Arrays.setAll(some, _ -> seeds.pick(frames));
                    read(some);
                });
    }
}
