package entrepot.protocols.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Extras;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.StopReason;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;
import entrepot.conversation.Usage;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.anthropic.messages.MessagesDialect;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.responses.ResponsesDialect;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** Custom tools, and functions as they were before there were tools, before other suppliers. */
class ChatFormsTest {

    private static final String CUSTOM =
            """
            {"model":"m",
             "messages":[
               {"role":"user","content":"add"},
               {"role":"assistant","content":null,"tool_calls":[
                 {"id":"call_1","type":"custom","custom":{"name":"math","input":"4 \\"+\\" 4"}},
                 {"id":"call_2","type":"function","function":{"name":"f","arguments":"{}"}}]},
               {"role":"tool","tool_call_id":"call_1","content":"8"},
               {"role":"tool","tool_call_id":"call_2","content":"ok"}],
             "tools":[
               {"type":"custom","custom":{"name":"math","description":"d","format":
                 {"type":"grammar","grammar":{"syntax":"lark","definition":"start: INT"}}}},
               {"type":"function","function":{"name":"f"}}],
             "tool_choice":{"type":"custom","custom":{"name":"math"}}}
            """;

    private static final String FUNCTIONS =
            """
            {"model":"m",
             "messages":[
               {"role":"user","content":"add 1 and 2"},
               {"role":"assistant","content":null,
                "function_call":{"name":"add","arguments":"[1,2]"}},
               {"role":"function","name":"add","content":"3"},
               {"role":"user","content":"and 3"}],
             "functions":[{"name":"add","description":"adds","parameters":{"type":"object"}}],
             "function_call":{"name":"add"}}
            """;

    private static JsonNode json(byte[] body) {
        return Json.read(body, Cause.INTERNAL);
    }

    private static JsonNode responses(String chat) {
        return json(new ResponsesDialect().write(ChatRequests.read(chat.getBytes(UTF_8))));
    }

    private static List<Loss> meant(List<Loss> losses) {
        return losses.stream().filter(loss -> loss.weight() == Loss.Weight.MEANING).toList();
    }

    @Test
    void theyComeBackAsTheyWere() {
        for (String each :
                List.of(
                        CUSTOM,
                        CUSTOM.replace(",\"format\":", ",\"x\":"),
                        FUNCTIONS,
                        FUNCTIONS.replace("{\"name\":\"add\"}}", "\"none\"}"),
                        FUNCTIONS.replace("{\"name\":\"add\"}}", "\"auto\"}"),
                        FUNCTIONS.replace("\"content\":\"3\"", "\"content\":null"))) {
            byte[] body = each.getBytes(UTF_8);
            assertThat(json(ChatRequests.write(ChatRequests.read(body)))).isEqualTo(json(body));
            assertThat(ChatLosses.of(ChatRequests.read(body))).as(each).isEmpty();
        }
    }

    @Test
    void customToolsAreTheSameInResponses() {
        JsonNode sent = responses(CUSTOM);
        assertThat(sent.at("/tools/0"))
                .isEqualTo(
                        Json.read(
                                "{\"type\":\"custom\",\"name\":\"math\",\"description\":\"d\","
                                        + "\"format\":{\"type\":\"grammar\",\"syntax\":\"lark\","
                                        + "\"definition\":\"start: INT\"}}",
                                Cause.INTERNAL));
        assertThat(sent.at("/tools/1/type").stringValue()).isEqualTo("function");
        assertThat(sent.at("/input/1/type").stringValue()).isEqualTo("custom_tool_call");
        assertThat(sent.at("/input/1/input").stringValue()).isEqualTo("4 \"+\" 4");
        assertThat(sent.at("/input/2/type").stringValue()).isEqualTo("function_call");
        assertThat(sent.at("/input/3/type").stringValue()).isEqualTo("custom_tool_call_output");
        assertThat(sent.at("/input/4/type").stringValue()).isEqualTo("function_call_output");
        assertThat(sent.at("/tool_choice"))
                .isEqualTo(Json.object().put("type", "custom").put("name", "math"));
        Request request = ChatRequests.read(CUSTOM.getBytes(UTF_8));
        assertThat(new ResponsesDialect().losses(request))
                .extracting(Loss::path)
                .noneMatch(path -> path.startsWith("tool"));
        assertThat(responses(CUSTOM.replace("grammar\":{", "x\":{")).at("/tools/0/format/type"))
                .isEqualTo(Json.object().stringNode("grammar"));
    }

    @Test
    void otherwiseCustomToolsAreFunctionsOfOneText() {
        Request request = ChatRequests.read(CUSTOM.getBytes(UTF_8));
        assertThat(meant(new MessagesDialect().losses(request))).isEmpty();
        JsonNode sent = json(new MessagesDialect().write(request));
        JsonNode input = sent.at("/tools/0/input_schema/properties/input");
        assertThat(input.path("type").stringValue()).isEqualTo("string");
        assertThat(input.path("description").stringValue()).contains("lark", "start: INT");
        assertThat(sent.at("/messages/1/content/0/input/input").stringValue())
                .isEqualTo("4 \"+\" 4");
    }

    @Test
    void functionsAreTools() {
        Request request = ChatRequests.read(FUNCTIONS.getBytes(UTF_8));
        assertThat(request.tools()).singleElement().isInstanceOf(Tool.Function.class);
        assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Named("add"));
        assertThat(request.sampling().parallelToolCalls()).isFalse();
        assertThat(new ResponsesDialect().losses(request)).isEmpty();
        JsonNode sent = responses(FUNCTIONS);
        assertThat(sent.at("/tools/0/name").stringValue()).isEqualTo("add");
        assertThat(sent.at("/parallel_tool_calls").booleanValue()).isFalse();
        assertThat(sent.at("/input/1/arguments").stringValue()).isEqualTo("[1,2]");
        assertThat(sent.at("/input/2/type").stringValue()).isEqualTo("function_call_output");
        assertThat(sent.at("/input/2/call_id")).isEqualTo(sent.at("/input/1/call_id"));
        assertThat(sent.at("/input/2/output").stringValue()).isEqualTo("3");

        String unasked =
                FUNCTIONS.replace("\"name\":\"add\",\"content\"", "\"name\":\"b\",\"content\"");
        assertThat(meant(new ResponsesDialect().losses(ChatRequests.read(unasked.getBytes(UTF_8)))))
                .extracting(Loss::path)
                .containsExactly("messages[2].parts[0]");
    }

    private static Answer answer(Part... parts) {
        return new Answer("a", "m", List.of(parts), StopReason.TOOL_CALLS, Usage.NONE, Extras.NONE);
    }

    private static Part call(String id, String name, String arguments) {
        return new Part.ToolCall(id, name, arguments, Extras.NONE);
    }

    private static final Answer CALLED =
            answer(
                    call("c1", "math", "{\"input\":\"4 \\\"+\\\" 4\"}"),
                    call("c2", "f", "{\"x\":1}"));

    private static ChatVoice voice(String request) {
        return new ChatVoice(1, true, () -> ChatForms.of(request.getBytes(UTF_8)));
    }

    @Test
    void callsAreToldAsTheToolWasNamed() {
        JsonNode custom = json(voice(CUSTOM).whole(CALLED)).at("/choices/0");
        assertThat(custom.at("/message/tool_calls/0"))
                .isEqualTo(
                        Json.read(
                                "{\"id\":\"c1\",\"type\":\"custom\",\"custom\":"
                                        + "{\"name\":\"math\",\"input\":\"4 \\\"+\\\" 4\"}}",
                                Cause.INTERNAL));
        assertThat(custom.at("/message/tool_calls/1/type").stringValue()).isEqualTo("function");
        assertThat(custom.at("/finish_reason").stringValue()).isEqualTo("tool_calls");

        JsonNode older = json(voice(FUNCTIONS).whole(CALLED)).at("/choices/0");
        assertThat(older.at("/message/function_call/name").stringValue()).isEqualTo("math");
        assertThat(older.at("/message").has("tool_calls")).isFalse();
        assertThat(older.at("/finish_reason").stringValue()).isEqualTo("function_call");

        String usual = new String(new ChatVoice(1, true).whole(CALLED), UTF_8);
        assertThat(usual).doesNotContain("custom", "function_call\"");
    }

    private static List<JsonNode> streamed(ChatVoice voice, Answer answer) {
        StreamWriter writer = voice.stream();
        var frames = new ArrayList<Frame>();
        for (Event event : Answers.events(answer)) {
            frames.addAll(writer.write(event));
        }
        frames.addAll(writer.end());
        return frames.stream()
                .map(frame -> new String(frame.data(), UTF_8))
                .filter(data -> !data.equals("[DONE]"))
                .map(data -> Json.read(data, Cause.INTERNAL).at("/choices/0"))
                .toList();
    }

    private static String told(List<JsonNode> chunks, String place) {
        var all = new StringBuilder();
        chunks.forEach(chunk -> all.append(chunk.at(place).asString("")));
        return all.toString();
    }

    @Test
    void streamsTellThemTheSame() throws Exception {
        List<JsonNode> custom = streamed(voice(CUSTOM), CALLED);
        assertThat(told(custom, "/delta/tool_calls/0/custom/input")).isEqualTo("4 \"+\" 4");
        assertThat(told(custom, "/delta/tool_calls/0/type")).isEqualTo("customfunction");
        assertThat(told(custom, "/delta/tool_calls/0/function/arguments")).isEqualTo("{\"x\":1}");
        assertThat(told(custom, "/finish_reason")).isEqualTo("tool_calls");

        List<JsonNode> older = streamed(voice(FUNCTIONS), CALLED);
        assertThat(told(older, "/delta/function_call/name")).isEqualTo("math");
        assertThat(told(older, "/delta/function_call/arguments")).contains("4 \\\"+\\\" 4");
        assertThat(told(older, "/delta/tool_calls/0/id")).isEmpty();
        assertThat(told(older, "/finish_reason")).isEqualTo("function_call");
    }

    @Test
    void suppliersStreamsAreReadInEitherForm() throws Exception {
        Answer custom = again(voice(CUSTOM));
        assertThat(custom.parts())
                .extracting(part -> ((Part.ToolCall) part).name())
                .containsExactly("math", "f");
        assertThat(((Part.ToolCall) custom.parts().getFirst()).arguments())
                .isEqualTo("{\"input\":\"4 \\\"+\\\" 4\"}");
        assertThat(ChatForms.isCustom(((Part.ToolCall) custom.parts().getFirst()).extras()))
                .isTrue();
        Answer older = again(voice(FUNCTIONS));
        assertThat(older.parts())
                .singleElement()
                .isInstanceOfSatisfying(
                        Part.ToolCall.class,
                        call -> {
                            assertThat(call.name()).isEqualTo("math");
                            assertThat(call.callId()).isNotEmpty();
                        });
        assertThat(older.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
    }

    private static Answer again(ChatVoice voice) throws InterruptedException {
        var collector = new Answers.Collector();
        var reader = new ChatDialect().reader(collector);
        StreamWriter writer = voice.stream();
        for (Event event : Answers.events(CALLED)) {
            for (Frame frame : writer.write(event)) {
                reader.frame(frame);
            }
        }
        for (Frame frame : writer.end()) {
            reader.frame(frame);
        }
        reader.end();
        return collector.answer();
    }

    @Test
    void anAnswerOfTheOlderFormComesBackAsItWas() {
        String text =
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                    + "\"content\":null,\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}},"
                    + "\"finish_reason\":\"function_call\"}]}";
        Answer read = ChatAnswers.read(text.getBytes(UTF_8));
        assertThat(read.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
        assertThat(read.parts()).singleElement().isInstanceOf(Part.ToolCall.class);
        assertThat(json(ChatAnswers.write(read, 5))).isEqualTo(json(text.getBytes(UTF_8)));
    }
}
