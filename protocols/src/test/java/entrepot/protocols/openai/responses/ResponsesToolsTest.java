package entrepot.protocols.openai.responses;

import static entrepot.protocols.openai.responses.Recorded.json;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Extras;
import entrepot.conversation.Loss;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.StopReason;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;
import entrepot.conversation.Usage;
import entrepot.protocols.Corpus;
import entrepot.protocols.Dialect;
import entrepot.protocols.openai.chat.ChatDialect;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** Tools that other dialects have no word for reach them as functions, and calls find back. */
class ResponsesToolsTest {

    private static final JsonNode ASKED =
            json(
                    """
                    {'model':'m','input':[
                      {'role':'user','content':'hi'},
                      {'type':'custom_tool_call','id':'ctc_1','call_id':'c1','name':'patch',
                       'input':'*** Begin'},
                      {'type':'function_call','id':'fc_1','call_id':'c2','name':'spawn',
                       'namespace':'agents','arguments':'{}'},
                      {'type':'custom_tool_call_output','call_id':'c1','output':'done'},
                      {'type':'function_call_output','call_id':'c2','output':'ok'}],
                     'tools':[
                      {'type':'custom','name':'patch','description':'Edits files.',
                       'format':{'type':'grammar','syntax':'lark','definition':'start: x'}},
                      {'type':'namespace','name':'agents','description':'Helpers.','tools':[
                        {'type':'function','name':'spawn','parameters':{'type':'object'},
                         'strict':false},
                        {'type':'custom','name':'say'}]},
                      {'type':'web_search','external_web_access':false}],
                     'tool_choice':{'type':'custom','name':'patch'}}\
                    """);

    @Test
    void aCustomToolIsAFunctionWithOneText() {
        Request request = ResponsesRequests.read(ASKED);
        var patch = (Tool.Function) request.tools().getFirst();
        assertThat(patch.name()).isEqualTo("patch");
        assertThat(patch.parameters())
                .isEqualTo(
                        json(
                                """
                                {'type':'object','properties':{'input':{'type':'string',
                                'description':'Free text that follows this lark grammar:\\nstart: x'}},
                                'required':['input'],'additionalProperties':false}\
                                """));
        assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Named("patch"));
        var call = (Part.ToolCall) request.messages().get(1).parts().getFirst();
        assertThat(call.arguments()).isEqualTo("{\"input\":\"*** Begin\"}");
        assertThat(json(ResponsesRequests.write(request))).isEqualTo(ASKED);
    }

    @Test
    void aNamespaceIsItsFunctions() {
        Request request = ResponsesRequests.read(ASKED);
        assertThat(request.tools())
                .extracting(tool -> ((Tool.Function) tool).name())
                .containsExactly("patch", "agents__spawn", "agents__say");
        var turn = request.messages().get(1);
        assertThat(turn.role()).isEqualTo(Role.ASSISTANT);
        assertThat(((Part.ToolCall) turn.parts().get(1)).name()).isEqualTo("agents__spawn");
        assertThat(request.messages().get(2).parts()).as("one turn of results").hasSize(2);
    }

    @Test
    void namesThatWouldBeTheSameAreNotTakenApart() {
        Request request =
                ResponsesRequests.read(
                        json(
                                """
                                {'model':'m','input':'x','tools':[
                                 {'type':'function','name':'a__b'},
                                 {'type':'namespace','name':'a','description':'d','tools':[
                                  {'type':'function','name':'b'}]}]}\
                                """));
        assertThat(request.tools().get(1)).isInstanceOf(Tool.Unknown.class);
    }

    @Test
    void callsFromElsewhereComeBackAsWhatTheCallerKnows() throws Exception {
        var answer =
                new Answer(
                        "a",
                        "m",
                        List.of(
                                call("c7", "patch", "{\"input\":\"*** \\\"x\\\"\\n\"}"),
                                call("c8", "agents__spawn", "{\"n\":1}"),
                                call("c9", "agents__say", "not json")),
                        StopReason.TOOL_CALLS,
                        Usage.NONE,
                        Extras.NONE);
        JsonNode expected =
                json(
                        """
                        [{'id':'ctc_0','type':'custom_tool_call','status':'completed',
                          'call_id':'c7','name':'patch','input':'*** \\"x\\"\\n'},
                         {'id':'fc_1','type':'function_call','status':'completed','call_id':'c8',
                          'name':'spawn','namespace':'agents','arguments':'{\\"n\\":1}'},
                         {'id':'ctc_2','type':'custom_tool_call','status':'completed',
                          'call_id':'c9','name':'say','namespace':'agents','input':'not json'}]\
                        """);
        assertThat(Recorded.voice(ASKED).response(answer).path("output")).isEqualTo(expected);
        List<String> stream = Recorded.written(Recorded.voice(ASKED), Answers.events(answer));
        ToldStream.check(stream);
        JsonNode last = json(stream.getLast().getBytes(UTF_8));
        assertThat(last.path("response").path("output")).isEqualTo(expected);
        assertThat(stream)
                .anyMatch(e -> e.startsWith("{\"type\":\"response.custom_tool_call_input.done\""));
        assertThat(Answers.fold(Recorded.read(stream)).parts()).hasSize(3);
    }

    /** Whatever way a supplier writes the one argument, its text is told as it comes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"input\":\"*** \\\"x\\\"\\n\\u00e9\uD83D\uDE00/\\/\"}",
                "{ \"input\" : \"*** \\u0022x\\u0022\\u000aé\\ud83d\\ude00//\" }",
            })
    void theInputOfACustomToolIsToldAsItComes(String arguments) {
        String text = "*** \"x\"\né\uD83D\uDE00//";
        for (int size : List.of(1, 2, 3, 5, 7, arguments.length())) {
            var events = new ArrayList<Event>();
            events.add(new Event.Started("a", "m"));
            events.add(new Event.ToolCallStarted(0, "c7", "patch"));
            for (int at = 0; at < arguments.length(); at += size) {
                int end = Math.min(arguments.length(), at + size);
                events.add(new Event.ToolCallDelta(0, arguments.substring(at, end)));
            }
            events.add(new Event.PartFinished(0, call("c7", "patch", arguments)));
            events.add(new Event.Finished(StopReason.TOOL_CALLS));
            List<String> stream = Recorded.written(Recorded.voice(ASKED), events);
            ToldStream.check(stream);
            var told = new ArrayList<String>();
            for (String each : stream) {
                JsonNode event = json(each.getBytes(UTF_8));
                if (event.path("type").stringValue().endsWith("custom_tool_call_input.delta")) {
                    told.add(event.path("delta").stringValue());
                }
            }
            assertThat(String.join("", told)).as("in pieces of " + size).isEqualTo(text);
            assertThat(told.size() > 1).isEqualTo(size < arguments.length());
        }
    }

    @Test
    void aStreamedCustomCallIsToldElsewhereAsOneArgument() throws Exception {
        List<Event> events =
                Recorded.read(
                        List.of(
                                """
                                {"type":"response.output_item.added","output_index":0,"item":
                                {"type":"custom_tool_call","id":"ct","call_id":"c","name":"sql",
                                "input":""}}\
                                """,
                                delta("SELECT \\\"a\\\""),
                                delta(" FROM t\\n"),
                                """
                                {"type":"response.output_item.done","output_index":0,"item":
                                {"type":"custom_tool_call","id":"ct","call_id":"c","name":"sql",
                                "input":"SELECT \\"a\\" FROM t\\n","status":"completed"}}\
                                """,
                                "{\"type\":\"response.completed\",\"response\":{\"output\":[]}}"));
        var fragments = new StringBuilder();
        for (Event event : events) {
            if (event instanceof Event.ToolCallDelta delta) {
                fragments.append(delta.fragment());
            }
        }
        assertThat(fragments).hasToString("{\"input\":\"SELECT \\\"a\\\" FROM t\\n\"}");
        var call = (Part.ToolCall) Answers.fold(events).parts().getFirst();
        assertThat(call.arguments()).isEqualTo(fragments.toString());
    }

    @Test
    void codexReachesAnySupplierUnmodified() {
        List<Dialect> others =
                List.of(
                        new ChatDialect(),
                        new entrepot.protocols.anthropic.messages.MessagesDialect(),
                        new entrepot.protocols.bedrock.converse.ConverseDialect(),
                        new entrepot.protocols.google.gemini.GeminiDialect());
        int count = 0;
        for (String file :
                List.of(
                        "cli-codex-0.169.0.http",
                        "cli-codex-0.169.0-openai_base_url-websocket-first.http",
                        "cli-codex-0.169.0-responses-websocket.http")) {
            for (String line : Corpus.capture(file).lines().toList()) {
                if (!line.startsWith("{\"") || !line.contains("\"input\"")) {
                    continue;
                }
                Request request = ResponsesRequests.read(line.getBytes(UTF_8));
                for (Dialect dialect : others) {
                    assertThat(dialect.losses(request))
                            .as("R38: Codex to " + dialect.name())
                            .noneMatch(loss -> loss.weight() == Loss.Weight.MEANING);
                    String body = new String(dialect.write(request), UTF_8);
                    assertThat(body).contains("multi_agent_v1__spawn_agent", "exec_command");
                }
                count++;
            }
        }
        assertThat(count).isGreaterThanOrEqualTo(4);
    }

    @Test
    void r41UnknownToolsAndItemsPassUntouched() {
        byte[] asked =
                json("""
                {'model':'m','tools':[{'type':'computer'},
                {'type':'computer_use_preview','display_width':1,'environment':'x'},
                {'type':'of_tomorrow','deep':{'er':[1.50,null]}}],
                'tool_choice':{'type':'computer'},'input':[
                {'type':'computer_call_output','call_id':'c','output':
                {'type':'computer_screenshot','image_url':'https://example.org/a.png'}},
                {'type':'item_of_tomorrow','id':'i','x':{'y':false}}]}\
                """)
                        .toString()
                        .getBytes(UTF_8);
        assertThat(json(ResponsesRequests.write(ResponsesRequests.read(asked))))
                .isEqualTo(json(asked));
    }

    @Test
    void r37r38WhatASupplierDoesByItselfIsNotDroppedInSilence() {
        Request request =
                ResponsesRequests.read(
                        json(
                                """
                                {'model':'m','input':'x','tools':[{'type':'local_shell'},
                                {'type':'web_search'},{'type':'web_search',
                                'external_web_access':true},{'type':'web_search',
                                'external_web_access':false}]}\
                                """));
        List<Loss> losses = new ChatDialect().losses(request);
        assertThat(losses)
                .filteredOn(loss -> loss.weight() == Loss.Weight.MEANING)
                .extracting(Loss::path)
                .containsExactly("tools[0]", "tools[1]");
        assertThat(losses)
                .filteredOn(loss -> loss.weight() == Loss.Weight.HINT)
                .extracting(Loss::path)
                .containsExactly("hosted_tools");
    }

    private static String delta(String text) {
        return """
        {"type":"response.custom_tool_call_input.delta","output_index":0,"item_id":"ct",\
        "delta":"%s"}\
        """
                .formatted(text);
    }

    private static Part call(String id, String name, String arguments) {
        return new Part.ToolCall(id, name, arguments, Extras.NONE);
    }
}
