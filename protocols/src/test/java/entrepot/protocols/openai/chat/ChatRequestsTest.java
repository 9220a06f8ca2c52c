package entrepot.protocols.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;
import entrepot.protocols.json.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.util.List;

class ChatRequestsTest {

    private static final String USER = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    @Test
    void everyKindOfMessageHasItsPlace() {
        Request request = read(Fixtures.text("request-full.json"));
        List<Message> messages = request.messages();
        assertThat(messages)
                .extracting(Message::role)
                .containsExactly(
                        Role.DEVELOPER,
                        Role.SYSTEM,
                        Role.USER,
                        Role.ASSISTANT,
                        Role.TOOL,
                        Role.TOOL,
                        Role.ASSISTANT,
                        Role.TOOL,
                        Role.USER);
        assertThat(messages.get(2).name()).isEqualTo("ann");
        assertThat(messages.get(2).parts())
                .hasExactlyElementsOfTypes(
                        Part.Text.class,
                        Part.Image.class,
                        Part.Image.class,
                        Part.Audio.class,
                        Part.File.class,
                        Part.File.class,
                        Part.Unknown.class);
        assertThat(messages.get(2).parts().get(2))
                .isEqualTo(new Part.Image(null, "iVBORw0=", "image/png", "low", Extras.NONE));
        assertThat(messages.get(3).parts())
                .hasExactlyElementsOfTypes(
                        Part.Reasoning.class,
                        Part.Text.class,
                        Part.Refusal.class,
                        Part.ToolCall.class,
                        Part.ToolCall.class);
        assertThat(messages.get(4).parts().getFirst())
                .isEqualTo(Part.ToolResult.text("call_1", "21 °C"));
        assertThat(request.tools())
                .hasExactlyElementsOfTypes(Tool.Function.class, Tool.Function.class);
        assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Named("weather"));
        assertThat(request.format()).isInstanceOf(OutputFormat.JsonSchema.class);
        assertThat(request.sampling().outputTokensMax()).isEqualTo(512);
        assertThat(request.sampling().temperature()).isEqualTo(new BigDecimal("0.70"));
        assertThat(request.sampling().stop()).containsExactly("END");
        assertThat(request.sampling().reasoningEffort()).isEqualTo("xhigh");
        assertThat(request.stream()).isTrue();
        assertThat(request.extras().members())
                .containsKeys("metadata", "logit_bias", "stream_options", "vendor_member");
        assertThat(ChatLosses.of(request)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"request-full.json", "request-forms.json", "request-legacy.json"})
    void writesWhatItRead(String fixture) {
        String text = Fixtures.text(fixture);
        assertThat(again(text)).isEqualTo(Json.read(text, Cause.INTERNAL));
    }

    /** Forms that mean the same as another, and must still come back as they were. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"stop\":\"x\"",
                "\"stop\":[\"x\"]",
                "\"stop\":[]",
                "\"stop\":null",
                "\"tools\":[]",
                "\"tools\":null",
                "\"tool_choice\":\"auto\"",
                "\"tool_choice\":\"none\"",
                "\"tool_choice\":\"required\"",
                "\"tool_choice\":\"any\"",
                "\"tool_choice\":{\"type\":\"custom\",\"custom\":{\"name\":\"c\"}}",
                "\"tool_choice\":{\"type\":\"allowed_tools\","
                        + "\"allowed_tools\":{\"mode\":\"auto\"}}",
                "\"response_format\":null",
                "\"response_format\":{\"type\":\"text\"}",
                "\"response_format\":{\"type\":\"json_object\"}",
                "\"response_format\":{\"type\":\"json_object\",\"x\":1}",
                "\"response_format\":{\"type\":\"grammar\",\"grammar\":\"g\"}",
                "\"response_format\":{\"type\":\"json_schema\",\"y\":1,"
                        + "\"json_schema\":{\"name\":\"n\",\"strict\":null,\"x\":{}}}",
                "\"stream\":false",
                "\"stream\":true",
                "\"stream\":null",
                "\"max_tokens\":5",
                "\"max_completion_tokens\":5",
                "\"max_tokens\":5,\"max_completion_tokens\":7",
                "\"max_tokens\":null,\"max_completion_tokens\":7",
                "\"temperature\":1",
                "\"temperature\":1.0",
                "\"temperature\":1e-5",
                "\"seed\":-9223372036854775808",
                "\"reasoning_effort\":\"max\"",
                "\"reasoning_effort\":null",
                "\"parallel_tool_calls\":false",
                "\"encoding_format\":null",
                "\"prompt_cache_options\":{\"mode\":\"m\",\"ttl\":null}",
            })
    void r38r40r41NothingIsDroppedInventedOrRewritten(String member) {
        String text = "{\"model\":\"m\"," + member + "," + USER + "}";
        assertThat(again(text)).isEqualTo(Json.read(text, Cause.INTERNAL));
    }

    @Test
    void r38AnEffortThatWeDoNotKnowReachesTheSupplier() {
        Request request = read("{\"model\":\"m\",\"reasoning_effort\":\"ultra\"," + USER + "}");
        assertThat(request.sampling().reasoningEffort()).isEqualTo("ultra");
        assertThat(written(request).path("reasoning_effort").stringValue()).isEqualTo("ultra");
    }

    @Test
    void whatIsChangedOnTheWayIsWrittenChanged() {
        Request request =
                read("{\"model\":\"m\",\"stream\":false,\"tool_choice\":\"auto\"," + USER + "}");
        JsonNode json = written(request.withModel("n").withStream(true));
        assertThat(json.path("model").stringValue()).isEqualTo("n");
        assertThat(json.path("stream").booleanValue()).isTrue();
    }

    /** The path of the member at fault, and a request with that fault. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "messages|{\"model\":\"m\"}",
                "messages|{\"model\":\"m\",\"messages\":[]}",
                "messages|{\"model\":\"m\",\"messages\":\"hi\"}",
                "messages[0]|{\"model\":\"m\",\"messages\":[\"hi\"]}",
                "messages[0].role|{\"model\":\"m\",\"messages\":[{\"content\":\"x\"}]}",
                "messages[0].role|{\"model\":\"m\",\"messages\":[{\"role\":\"robot\"}]}",
                "messages[0].content|{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]}",
                "messages[0].content|{\"model\":\"m\","
                        + "\"messages\":[{\"role\":\"user\",\"content\":null}]}",
                "messages[0].content|{\"model\":\"m\","
                        + "\"messages\":[{\"role\":\"user\",\"content\":7}]}",
                "messages[0].content[1].text|{\"model\":\"m\",\"messages\":[{\"role\":\"user\","
                        + "\"content\":[{\"type\":\"text\",\"text\":\"x\"},{\"type\":\"text\"}]}]}",
                "messages[0].content[0].image_url.url|{\"model\":\"m\",\"messages\":[{"
                        + "\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                        + "\"image_url\":{\"url\":1}}]}]}",
                "messages[0].content[0].input_audio|{\"model\":\"m\",\"messages\":[{"
                        + "\"role\":\"user\",\"content\":[{\"type\":\"input_audio\"}]}]}",
                "messages[0].tool_call_id|{\"model\":\"m\",\"messages\":[{\"role\":\"tool\","
                        + "\"content\":\"x\"}]}",
                "messages[0].tool_calls[0].function.name|{\"model\":\"m\",\"messages\":[{"
                        + "\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\","
                        + "\"type\":\"function\",\"function\":{\"arguments\":\"\"}}]}]}",
                "messages[0].tool_calls[0].type|{\"model\":\"m\",\"messages\":[{"
                        + "\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\","
                        + "\"type\":\"magic\"}]}]}",
                "messages[0].name|{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"name\":[],"
                        + "\"content\":\"x\"}]}",
                "tools|{\"model\":\"m\",\"tools\":{},MSG}",
                "tools[0].type|{\"model\":\"m\",\"tools\":[{}],MSG}",
                "tools[0].function|{\"model\":\"m\",\"tools\":[{\"type\":\"function\"}],MSG}",
                "tools[0].function.name|{\"model\":\"m\",\"tools\":[{\"type\":\"function\","
                        + "\"function\":{\"name\":\"\"}}],MSG}",
                "tools[0].function.parameters|{\"model\":\"m\",\"tools\":[{\"type\":\"function\","
                        + "\"function\":{\"name\":\"f\",\"parameters\":\"{}\"}}],MSG}",
                "tool_choice|{\"model\":\"m\",\"tool_choice\":1,MSG}",
                "response_format|{\"model\":\"m\",\"response_format\":\"json\",MSG}",
                "response_format.json_schema.name|{\"model\":\"m\",\"response_format\":{"
                        + "\"type\":\"json_schema\",\"json_schema\":{}},MSG}",
                "temperature|{\"model\":\"m\",\"temperature\":\"hot\",MSG}",
                "max_tokens|{\"model\":\"m\",\"max_tokens\":1.5,MSG}",
                "max_completion_tokens|{\"model\":\"m\",\"max_completion_tokens\":3000000000,MSG}",
                "stop[1]|{\"model\":\"m\",\"stop\":[\"a\",1],MSG}",
                "stop|{\"model\":\"m\",\"stop\":5,MSG}",
                "stream|{\"model\":\"m\",\"stream\":\"yes\",MSG}",
                "model|{\"model\":\"\",MSG}",
                "model|{\"model\":[],MSG}",
            })
    void r27r92WhatCannotBeReadIsRefusedAndNamed(String row) {
        String path = row.substring(0, row.indexOf('|'));
        Failure failure = refused(row.substring(row.indexOf('|') + 1).replace("MSG", USER));
        assertThat(failure.param()).isEqualTo(path);
        assertThat(failure.message()).contains("'" + path + "'");
        assertThat(failure.code()).isNotNull();
    }

    @Test
    void refusesANameThatStandsTwice() {
        assertThat(refused("{\"model\":\"m\",\"seed\":1,\"seed\":2," + USER + "}").message())
                .contains("twice");
    }

    @Test
    void r28ResultsOfOneTurnBecomeOneMessageEach() {
        var turn =
                Message.of(
                        Role.TOOL, Part.ToolResult.text("a", "1"), Part.ToolResult.text("b", "2"));
        JsonNode json = written(Request.of("m", List.of(turn)));
        assertThat(json.path("messages").toString())
                .isEqualTo(
                        "[{\"role\":\"tool\",\"tool_call_id\":\"a\",\"content\":\"1\"},"
                                + "{\"role\":\"tool\",\"tool_call_id\":\"b\",\"content\":\"2\"}]");
    }

    @Test
    void r29AnAssistantWithoutTextHasNoContentAtAll() {
        var call = new Part.ToolCall("a", "f", "{}", Extras.NONE);
        JsonNode json = written(Request.of("m", List.of(Message.of(Role.ASSISTANT, call))));
        assertThat(json.path("messages").get(0).has("content")).isFalse();
    }

    private static Request read(String text) {
        return ChatRequests.read(text.getBytes(UTF_8));
    }

    private static JsonNode written(Request request) {
        return Json.read(ChatRequests.write(request), Cause.INTERNAL);
    }

    private static JsonNode again(String text) {
        return written(read(text));
    }

    private static Failure refused(String text) {
        Failed failed = catchThrowableOfType(Failed.class, () -> read(text));
        assertThat(failed).as("refusal of %s", text).isNotNull();
        assertThat(failed.failure().cause()).isEqualTo(Cause.INVALID_REQUEST);
        return failed.failure();
    }
}
