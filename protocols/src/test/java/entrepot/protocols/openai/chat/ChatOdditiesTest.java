package entrepot.protocols.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What servers that speak like OpenAI do otherwise, seen in whole answers and in streams. */
class ChatOdditiesTest {

    private static final String CALL = "{'function':{'name':'f','arguments':'{}'}}";

    @Test
    void callsAreWantedThoughTheServerSaysStop() throws Exception {
        Answer whole =
                read(
                        "{'choices':[{'finish_reason':'stop','message':{'tool_calls':["
                                + CALL
                                + "]}}]}");
        assertThat(whole.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
        assertThat(new String(ChatAnswers.write(whole, 1), UTF_8))
                .as("the caller in chat is told the server's own word")
                .contains("\"finish_reason\":\"stop\"");
        Answer told =
                Answers.fold(
                        events(
                                "{'choices':[{'delta':{'tool_calls':[" + CALL + "]}}]}",
                                "{'choices':[{'delta':{},'finish_reason':'stop'}]}"));
        assertThat(told.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
        Answer words = read("{'choices':[{'finish_reason':'stop','message':{'content':'a'}}]}");
        assertThat(words.stopReason()).isEqualTo(StopReason.END);
    }

    @Test
    void callsWithoutIdsGetDifferentOnes() {
        Answer answer =
                read(
                        "{'id':'a','choices':[{'message':{'tool_calls':["
                                + CALL
                                + ","
                                + CALL
                                + "]}}]}");
        assertThat(answer.parts())
                .extracting(part -> ((Part.ToolCall) part).callId())
                .containsExactly("call_a_0", "call_a_1");
    }

    @Test
    void aClientMayLeaveTheTypeOfACallOut() {
        var request =
                ChatRequests.read(
                        utf8(
                                "{'model':'m','messages':[{'role':'assistant','tool_calls':"
                                    + "[{'id':'1','function':{'name':'f','arguments':'{}'}}]}]}"));
        assertThat(request.messages().getFirst().parts().getFirst())
                .isInstanceOfSatisfying(
                        Part.ToolCall.class, call -> assertThat(call.name()).isEqualTo("f"));
    }

    @Test
    void whatComesBehindTheUsageNeverCounts() throws Exception {
        List<Event> events =
                events(
                        "{'choices':[{'delta':{'content':'a'}}]}",
                        "{'choices':[{'delta':{},'finish_reason':'stop'}]}",
                        "{'choices':[],'usage':{'prompt_tokens':1,'completion_tokens':1}}",
                        "{'choices':[],'moderation':{'flagged':false}}");
        assertThat(events.getLast()).isInstanceOf(Event.UsageReported.class);
    }

    private static Answer read(String json) {
        return ChatAnswers.read(utf8(json));
    }

    private static List<Event> events(String... payloads) throws InterruptedException {
        var events = new ArrayList<Event>();
        var reader = new ChatStreamReader(events::add);
        for (String payload : payloads) {
            reader.data(utf8(payload));
        }
        reader.end();
        return events;
    }

    private static byte[] utf8(String json) {
        return json.replace('\'', '"').getBytes(UTF_8);
    }
}
