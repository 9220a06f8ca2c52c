package entrepot.protocols.openai.responses;

import static entrepot.protocols.openai.responses.Recorded.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Message.Role;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.Tool;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.chat.ChatDialect;
import entrepot.protocols.openai.chat.ChatRequests;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;

class ResponsesRequestsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'model':'m','input':'hi','instructions':'be brief','store':null,'stream':false}",
                "{'model':'m','input':[],'previous_response_id':'resp_1'}",
                "{'model':'m','prompt':{'id':'p'}}",
                "{'model':'m','input':[{'role':'assistant','content':''}]}",
                "{'model':'m','input':[{'role':'assistant','content':[]}]}",
                "{'model':'m','input':[{'role':'user','content':[]},{'role':'user','content':''}]}",
                "{'model':'m','input':[{'role':'assistant','content':'a'},"
                        + "{'role':'assistant','content':'b','phase':'commentary'}]}",
                "{'model':'m','input':[{'id':'msg_1'},{'type':'item_reference','id':'msg_2'}]}",
                "{'model':'m','input':[{'type':'computer_call','x':1},"
                        + "{'type':'computer_call_output','x':1}]}",
                "{'model':'m','input':[{'role':'user','content':[{'type':'input_new','x':1}]}]}",
                "{'model':'m','input':[{'role':'assistant','content':[{'type':'new','x':1}]}]}",
                "{'model':'m','input':[{'type':'function_call_output','call_id':'c','output':[]},"
                        + "{'type':'function_call_output','call_id':'c','output':''}]}",
                "{'model':'m','input':'x','text':{},'reasoning':{},'tools':[],"
                        + "'tool_choice':'auto'}",
                "{'model':'m','input':'x','text':{'format':{'type':'text'},'verbosity':'low'}}",
                "{'model':'m','input':'x','text':{'format':{'type':'grammar','x':1}}}",
                "{'model':'m','input':'x','reasoning':{'effort':null,'summary':'auto'}}",
                "{'model':'m','input':'x','tools':[{'type':'function','name':'f'},"
                        + "{'type':'function','name':'g','parameters':null,'strict':null}]}",
                "{'model':'m','input':'x','tool_choice':{'type':'allowed_tools','mode':'auto',"
                        + "'tools':[{'type':'function','name':'f'}]}}",
                "{'model':'m','input':[{'role':'user','content':[{'type':'input_file',"
                        + "'file_data':'aGk='},{'type':'input_image','file_id':'f'}]}]}"
            })
    void r40TheFormOfARequestIsKept(String body) {
        JsonNode asked = json(body);
        Request request = ResponsesRequests.read(asked);
        assertThat(json(ResponsesRequests.write(request))).isEqualTo(asked);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {'input':'x'}                                        | model
                    {'model':'','input':'x'}                             | model
                    {'model':'m'}                                        | input
                    {'model':'m','input':7}                              | input
                    {'model':'m','input':[7]}                            | input[0]
                    {'model':'m','input':[{'x':1}]}                      | input[0].type
                    {'model':'m','input':[{'role':'boss','content':''}]} | input[0].role
                    {'model':'m','input':[{'role':'user'}]}              | input[0].content
                    {'model':'m','input':[{'type':'function_call'}]}     | input[0].call_id
                    {'model':'m','input':'x','tools':[{'name':'f'}]}     | tools[0].type
                    {'model':'m','input':'x','tools':[{'type':'custom'}]} | tools[0].name
                    {'model':'m','input':'x','max_output_tokens':'1'}    | max_output_tokens
                    {'model':'m','input':'x','text':{'format':{}}}       | text.format.type
                    {'model':'m','input':'x','reasoning':'high'}         | reasoning
                    {'model':'m','input':'x','tool_choice':1}            | tool_choice
                    """)
    void aMistakeIsToldWithItsPath(String body, String path) {
        Failed failed =
                catchThrowableOfType(Failed.class, () -> ResponsesRequests.read(json(body)));
        assertThat(failed.failure().cause()).isEqualTo(Cause.INVALID_REQUEST);
        assertThat(failed.failure().param()).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {'input':'x'}                                     | model
                    {'model':'m'}                                     | input
                    {'model':'m','input':{}}                          | input
                    {'model':'m','model':'n','input':'x'}             | model
                    {'model':'m','input':'x','stream':'yes'}          | stream
                    {'model':'m','input':'x','store':1}               | store
                    {'model':'m','input':'x','conversation':{}}       | conversation.id
                    {'model':'m','input':'x','previous_response_id':1} | previous_response_id
                    {'model':'m','input':'x','max_output_tokens':1.5} | max_output_tokens
                    {'model':'m','input':'x','max_output_tokens':-1}  | max_output_tokens
                    """)
    void theEnvelopeTellsMistakesToo(String body, String path) {
        byte[] bytes = body.replace('\'', '"').getBytes(UTF_8);
        Failed failed = catchThrowableOfType(Failed.class, () -> ResponsesEnvelope.scan(bytes));
        assertThat(failed.failure().param()).isEqualTo(path);
    }

    @Test
    void theEnvelopeKnowsWhatStoringNeeds() {
        var envelope =
                envelope(
                        "{'model':'m','input':[],'store':false,'background':true,'generate':false,"
                                + "'previous_response_id':'resp_1','conversation':{'id':'conv_1'},"
                                + "'max_output_tokens':7,'stream':true}");
        assertThat(envelope.store()).isFalse();
        assertThat(envelope.background()).isTrue();
        assertThat(envelope.generate()).isFalse();
        assertThat(envelope.previousResponseId()).isEqualTo("resp_1");
        assertThat(envelope.conversation()).isEqualTo("conv_1");
        assertThat(envelope.maxOutputTokens()).isEqualTo(7L);
        assertThat(envelope.isStateful()).isTrue();
        assertThat(envelope("{'model':'m','input':'x'}").store()).isNull();
        assertThat(envelope("{'model':'m','input':'x'}").isStateful()).isFalse();
    }

    @Test
    void membersAreChangedAndEverythingElseStaysAsItCame() {
        String body = "{ 'model' : 'm',\n 'n':1.10,'store':true, 'generate': false,'input':'é' }";
        var envelope = envelope(body);
        assertThat(text(envelope.splice("m"))).isEqualTo(body);
        assertThat(text(envelope.splice("o"))).isEqualTo(body.replace("'m'", "'o'"));
        JsonNode none = Json.object().nullNode();
        assertThat(
                        text(
                                envelope.splice(
                                        "o",
                                        Map.of(
                                                "store",
                                                Json.object().booleanNode(false),
                                                "generate",
                                                none))))
                .isEqualTo("{'model' : 'o','n':1.10,'store':false,'input':'é' }");
        assertThat(text(envelope.splice("m", Map.of("x", Json.object().put("y", 1)))))
                .endsWith("'input':'é','x':{'y':1} }");
        assertThat(text(envelope.splice("m", Map.of("absent", none)))).doesNotContain("absent");
    }

    @Test
    void instructionsStandBeforeEverything() {
        Request request =
                ResponsesRequests.read(
                        json("{'model':'m','instructions':'be brief','input':'hi'}"));
        assertThat(request.messages())
                .extracting(m -> m.role())
                .containsExactly(Role.SYSTEM, Role.USER);
        assertThat(request.messages().getFirst().text()).isEqualTo("be brief");
        JsonNode chat = json(new ChatDialect().write(request));
        assertThat(chat.path("messages").get(0).path("content").stringValue())
                .isEqualTo("be brief");
    }

    @Test
    void r37TheFormatOfTheAnswerReachesOtherDialects() {
        Request request =
                ResponsesRequests.read(
                        json(
                                "{'model':'m','input':'x','text':{'format':{'type':'json_schema',"
                                    + "'name':'n','strict':true,'schema':{'type':'object'}}}}"));
        assertThat(request.format())
                .isEqualTo(
                        new OutputFormat.JsonSchema(
                                "n", null, Json.object().put("type", "object"), true));
        assertThat(json(new ChatDialect().write(request)).path("response_format").isObject())
                .isTrue();
    }

    @Test
    void aFunctionOfChatDoesNotBecomeStrict() {
        Request chat =
                ChatRequests.read(
                        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
                                .concat("\"tools\":[{\"type\":\"function\",\"function\":")
                                .concat("{\"name\":\"f\"}}]}")
                                .getBytes(UTF_8));
        JsonNode tool = json(new ResponsesDialect().write(chat)).path("tools").get(0);
        assertThat(tool.path("strict").booleanValue()).isFalse();
        assertThat(tool.path("parameters").path("type").stringValue()).isEqualTo("object");
    }

    @Test
    void r43ARequestOfAnotherDialectLeavesNothingOfItBehind() {
        var tool =
                new Tool.Function(
                        "f",
                        null,
                        null,
                        null,
                        new Extras("google.gemini", Map.of("behavior", json("'NON_BLOCKING'"))));
        Request request =
                new Request(
                        "m",
                        List.of(
                                new entrepot.conversation.Message(
                                        Role.USER,
                                        List.of(
                                                new Part.Text(
                                                        "x",
                                                        new Extras(
                                                                "google.gemini",
                                                                Map.of("thought", json("true"))))),
                                        null,
                                        Extras.NONE)),
                        List.of(tool),
                        entrepot.conversation.ToolChoice.AUTO,
                        entrepot.conversation.Sampling.DEFAULT,
                        OutputFormat.TEXT,
                        false,
                        new Extras("google.gemini", Map.of("safetySettings", json("[1]"))));
        String body = text(new ResponsesDialect().write(request));
        assertThat(body)
                .doesNotContain("behavior")
                .doesNotContain("thought")
                .doesNotContain("safetySettings");
        assertThat(ResponsesLosses.of(request)).hasSize(3);
    }

    private static ResponsesEnvelope envelope(String body) {
        return ResponsesEnvelope.scan(body.replace('\'', '"').getBytes(UTF_8));
    }

    private static String text(byte[] body) {
        return new String(body, UTF_8).replace('"', '\'');
    }
}
