package entrepot.protocols.google.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.conversation.Tool;
import entrepot.protocols.Corpus;
import entrepot.protocols.openai.chat.ChatLosses;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** Requests as callers really spell them, and as other dialects' callers mean them. */
class GeminiRequestsTest {

    @Test
    void bothSpellingsAreReadAndComeBackAsTheyCame() {
        Request request =
                same(
                        """
                        {"system_instruction":{"parts":{"text":"Be brief"}},
                         "contents":{"role":"user","parts":[
                           {"inline_data":{"mime_type":"image/png","data":"aGk="}},
                           {"file_data":{"file_uri":"gs://b/x.pdf","mime_type":"application/pdf"},
                            "video_metadata":{"start_offset":"1s"}}]},
                         "tools":{"function_declarations":[
                           {"name":"f","parameters":{"type":"OBJECT","any_of":[{"type":1}]}}]},
                         "tool_config":{"function_calling_config":{"mode":"ANY"}},
                         "generation_config":{"max_output_tokens":"8192","top_k":32.0,
                           "stop_sequences":["x"],"thinking_config":{"thinking_budget":0}}}
                        """);
        assertThat(request.messages().getFirst().role()).isEqualTo(Role.SYSTEM);
        assertThat(request.messages().getFirst().text()).isEqualTo("Be brief");
        assertThat(request.messages().getLast().parts().getFirst())
                .isInstanceOfSatisfying(
                        Part.Image.class, i -> assertThat(i.mediaType()).isEqualTo("image/png"));
        assertThat(request.sampling().outputTokensMax()).isEqualTo(8192);
        assertThat(request.sampling().topK()).isEqualTo(32);
        assertThat(request.sampling().reasoningEffort()).isEqualTo("none");
        assertThat(((Tool.Function) request.tools().getFirst()).parameters())
                .isEqualTo(json("{\"type\":\"object\",\"anyOf\":[{\"type\":\"string\"}]}"));
    }

    @Test
    void oddFormsComeBackAsTheyCame() {
        for (String body :
                List.of(
                        "{\"contents\":[{\"parts\":[]}]}",
                        "{\"contents\":[{\"role\":\"user\"}],\"generationConfig\":{}}",
                        "{\"contents\":[],\"systemInstruction\":{\"role\":\"x\",\"parts\":[{}]}}",
                        "{\"contents\":[{\"parts\":[{\"text\":\"\"}]}],\"tools\":[],"
                                + "\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"AUTO\"}}}",
                        "{\"contents\":[{\"role\":null,\"parts\":null}],\"generationConfig\":null}",
                        "{\"contents\":[{\"role\":\"model\",\"parts\":[{\"text\":\"a\","
                                + "\"thoughtSignature\":\"U2ln\"},{\"text\":\"\","
                                + "\"thoughtSignature\":\"U2lo\"},{\"text\":\"b\"},"
                                + "{\"text\":\"c\",\"thought\":true,"
                                + "\"thought_signature\":\"eA==\"}]},"
                                + "{\"role\":\"model\",\"parts\":[{\"functionCall\":"
                                + "{\"name\":\"f\"}}]}]}",
                        "{\"contents\":[{\"role\":\"function\",\"parts\":[{\"functionResponse\":"
                                + "{\"name\":\"f\",\"response\":{\"a\":1}}},{\"text\":\"x\"},"
                                + "{\"functionResponse\":{\"name\":\"g\",\"id\":\"7\","
                                + "\"response\":{\"error\":\"no\"},\"scheduling\":\"SILENT\"}}]}]}",
                        "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"generationConfig\":"
                                + "{\"responseMimeType\":\"text/x.enum\",\"responseSchema\":"
                                + "{\"type\":\"STRING\",\"enum\":[\"a\"]}}}",
                        "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"tools\":["
                                + "{\"functionDeclarations\":[{\"name\":\"a\"}],"
                                + "\"googleSearch\":{}},{\"functionDeclarations\":["
                                + "{\"name\":\"b\",\"parameters\":null}]},"
                                + "{\"functionDeclarations\":[{\"name\":\"c\"}]}]}",
                        "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"toolConfig\":{"
                                + "\"functionCallingConfig\":{\"mode\":\"VALIDATED\","
                                + "\"allowedFunctionNames\":[\"a\"]},"
                                + "\"retrievalConfig\":{\"languageCode\":\"de\"}}}",
                        "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"generationConfig\":{"
                                + "\"thinkingConfig\":{\"thinkingLevel\":\"low\"},"
                                + "\"responseSchema\":{\"type\":\"OBJECT\"}}}",
                        "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"generationConfig\":{"
                                + "\"thinkingConfig\":{\"thinkingBudget\":-1,"
                                + "\"includeThoughts\":true}}}")) {
            same(body);
        }
    }

    @Test
    void r30CallsWithoutIdsGetStableOnesAndResultsFindThem() {
        Request request =
                same(
                        """
                        {"contents":[
                          {"role":"model","parts":[
                            {"functionCall":{"name":"a","args":{"x":1}},"thoughtSignature":"U2ln"},
                            {"functionCall":{"name":"b"}},{"functionCall":{"name":"a"}}]},
                          {"role":"user","parts":[
                            {"functionResponse":{"name":"b","response":{"output":"1"}}},
                            {"functionResponse":{"name":"a","response":{"result":"2"}}},
                            {"functionResponse":{"name":"a","response":{"error":"3"}}}]}]}
                        """);
        List<Part> calls = request.messages().get(0).parts();
        assertThat(calls.get(0)).isEqualTo(new Part.Reasoning("", "google:U2ln", Extras.NONE));
        assertThat(calls.subList(1, 4))
                .extracting(part -> ((Part.ToolCall) part).callId())
                .containsExactly("a_0", "b_1", "a_2");
        Message results = request.messages().get(1);
        assertThat(results.role()).isEqualTo(Role.TOOL);
        assertThat(results.parts())
                .extracting(part -> ((Part.ToolResult) part).callId())
                .containsExactly("b_1", "a_0", "a_2");
        assertThat(((Part.ToolResult) results.parts().get(2)).failed()).isTrue();
    }

    @Test
    void r28ResultsOfOtherDialectsAreOneContentWithTheNamesOfTheirCalls() {
        var request =
                Request.of(
                        "gemini-2.5-flash",
                        List.of(
                                Message.text(Role.USER, "go"),
                                Message.of(Role.ASSISTANT, call("1", "f"), call("2", "g")),
                                Message.of(Role.TOOL, Part.ToolResult.text("2", "two")),
                                Message.of(Role.TOOL, Part.ToolResult.text("1", "one"))));
        JsonNode contents = written(request).path("contents");
        assertThat(contents).hasSize(3);
        assertThat(contents.get(2))
                .isEqualTo(
                        json(
                                """
                                {"role":"user","parts":[
                                  {"functionResponse":{"id":"2","name":"g",
                                    "response":{"output":"two"}}},
                                  {"functionResponse":{"id":"1","name":"f",
                                    "response":{"output":"one"}}}]}
                                """));
    }

    @Test
    void callsWithoutGooglesSignatureAreSentWithOneThatStandsForIt() {
        var history =
                Message.of(
                        Role.ASSISTANT,
                        new Part.Reasoning("hm", "anthropic:abc", Extras.NONE),
                        call("1", "f"),
                        call("2", "g"));
        var request = Request.of("gemini-3-pro", List.of(history));
        JsonNode parts = sent(request).path("contents").path(0).path("parts");
        assertThat(parts.get(0)).isEqualTo(json("{\"text\":\"hm\",\"thought\":true}"));
        assertThat(parts.get(1).path("thoughtSignature").asString(""))
                .isEqualTo("skip_thought_signature_validator");
        assertThat(parts.get(2).has("thoughtSignature")).as("only the first is signed").isFalse();
        assertThat(new GeminiDialect().losses(request))
                .containsExactly(
                        GeminiLosses.SIGNATURE.at("messages[0].parts[0].signature"),
                        GeminiLosses.UNSIGNED.at("messages[0].parts[1]"));
        assertThat(sent(request.withModel("gemini-2.5-pro")).toString())
                .as("those before do not ask")
                .doesNotContain("Signature");
        var signed =
                Message.of(
                        Role.ASSISTANT,
                        new Part.Reasoning("", "google:U2ln", Extras.NONE),
                        call("1", "f"));
        assertThat(sent(Request.of("gemini-3-pro", List.of(signed))).toString())
                .contains("\"thoughtSignature\":\"U2ln\"")
                .doesNotContain("skip");
    }

    @Test
    void r34InstructionsInTheMidstStayWhereTheyStand() {
        var request =
                Request.of(
                        "m",
                        List.of(
                                Message.text(Role.SYSTEM, "one"),
                                Message.text(Role.DEVELOPER, "two"),
                                Message.text(Role.USER, "hi"),
                                Message.text(Role.SYSTEM, "three")));
        JsonNode body = written(request);
        assertThat(body.path("systemInstruction"))
                .isEqualTo(json("{\"parts\":[{\"text\":\"one\"},{\"text\":\"two\"}]}"));
        assertThat(body.path("contents").path(1))
                .isEqualTo(
                        json(
                                "{\"role\":\"user\",\"parts\":[{\"text\":"
                                        + "\"<system>\\nthree\\n</system>\"}]}"));
        assertThat(GeminiLosses.of(request)).allMatch(l -> l.weight() == Loss.Weight.HINT);
        JsonNode alone = written(Request.of("m", List.of(Message.text(Role.SYSTEM, "only"))));
        assertThat(alone.path("contents")).as("Google refuses a request without one").hasSize(1);
    }

    @Test
    void effortIsALevelOrABudgetAsTheModelTakesIt() {
        var high = Sampling.DEFAULT.withReasoningEffort("high");
        assertThat(thinking("gemini-3-flash", high))
                .isEqualTo(json("{\"thinkingLevel\":\"HIGH\",\"includeThoughts\":true}"));
        assertThat(thinking("publishers/google/models/gemini-2.5-pro", high))
                .isEqualTo(json("{\"thinkingBudget\":24576,\"includeThoughts\":true}"));
        var none = Sampling.DEFAULT.withReasoningEffort("none");
        assertThat(thinking("gemini-2.5-flash", none)).isEqualTo(json("{\"thinkingBudget\":0}"));
        assertThat(thinking("gemini-3-flash", none).path("thinkingLevel").asString())
                .isEqualTo("MINIMAL");
        assertThat(thinking("gemini-3-pro-preview", none).path("thinkingLevel").asString())
                .isEqualTo("LOW");
    }

    @Test
    void r37r43AFormatIsSaidNativelyAndNeverTwice() {
        var schema = json("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}");
        var asked = new OutputFormat.JsonSchema("answer", null, schema, true);
        Request read =
                same(
                        "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"generationConfig\":{"
                                + "\"responseMimeType\":\"application/json\",\"responseSchema\":"
                                + "{\"type\":\"ARRAY\",\"min_items\":\"1\",\"nullable\":true}}}");
        assertThat(((OutputFormat.JsonSchema) read.format()).schema())
                .isEqualTo(json("{\"type\":[\"array\",\"null\"],\"minItems\":1}"));
        var other =
                new Request(
                        read.model(),
                        read.messages(),
                        read.tools(),
                        read.toolChoice(),
                        read.sampling(),
                        asked,
                        read.stream(),
                        read.extras());
        JsonNode config = written(other).path("generationConfig");
        assertThat(config.path("responseJsonSchema")).isEqualTo(schema);
        assertThat(config.has("responseSchema")).as("R43").isFalse();
    }

    @Test
    void aNameThatGoogleForbidsIsRefusedWithItsPath() {
        var tool = new Tool.Function("1st", null, null, null, Extras.NONE);
        var request =
                Request.of("m", List.of(Message.text(Role.USER, "x"))).withTools(List.of(tool));
        Failed failed = catchThrowableOfType(Failed.class, () -> GeminiRequests.write(request));
        assertThat(failed.failure().param()).isEqualTo("tools[0].name");
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThat(refused("{}")).isEqualTo("contents");
        assertThat(refused("{\"contents\":[{\"role\":\"system\",\"parts\":[]}]}"))
                .isEqualTo("contents[0].role");
        assertThat(refused("{\"contents\":[{\"parts\":[7]}]}")).isEqualTo("contents[0].parts[0]");
        assertThat(
                        refused(
                                "{\"contents\":[{\"parts\":[{\"functionCall\":{\"name\":\"f\","
                                        + "\"args\":[]}}]}]}"))
                .isEqualTo("contents[0].parts[0].functionCall.args");
        assertThat(refused("{\"contents\":[],\"generationConfig\":{\"maxOutputTokens\":1.5}}"))
                .isEqualTo("generationConfig.maxOutputTokens");
    }

    @Test
    void whatGeminiCliSendsIsCarriedToOthersOrAHint() {
        String capture = Corpus.capture("cli-gemini-cli-0.61.0.http");
        byte[] body = capture.substring(capture.indexOf("\n{")).strip().getBytes(UTF_8);
        Request request = GeminiRequests.read(body, "m", true);
        assertThat(request.sampling().reasoningTokensMax()).isEqualTo(8192);
        assertThat(request.tools()).hasSizeGreaterThan(5);
        assertThat(ChatLosses.of(request))
                .isNotEmpty()
                .allMatch(loss -> loss.weight() == Loss.Weight.HINT);
    }

    private static Part call(String id, String name) {
        return new Part.ToolCall(id, name, "{}", Extras.NONE);
    }

    private static Request same(String text) {
        byte[] body = text.getBytes(UTF_8);
        GeminiEnvelope.scan(body);
        Request request = GeminiRequests.read(body, "m", false);
        assertThat(written(request)).as(text).isEqualTo(Rows.json(body));
        return request;
    }

    private static JsonNode thinking(String model, Sampling sampling) {
        var request =
                new Request(
                        model,
                        List.of(Message.text(Role.USER, "x")),
                        List.of(),
                        entrepot.conversation.ToolChoice.AUTO,
                        sampling,
                        OutputFormat.TEXT,
                        false,
                        Extras.NONE);
        return written(request).path("generationConfig").path("thinkingConfig");
    }

    private static String refused(String body) {
        Failed failed =
                catchThrowableOfType(
                        Failed.class, () -> GeminiRequests.read(body.getBytes(UTF_8), "m", false));
        assertThat(failed.failure().cause()).isEqualTo(Cause.INVALID_REQUEST);
        return String.valueOf(failed.failure().param());
    }

    private static JsonNode written(Request request) {
        return Rows.json(GeminiRequests.write(request));
    }

    private static JsonNode sent(Request request) {
        return Rows.json(new GeminiDialect().write(request));
    }

    private static JsonNode json(String text) {
        return GeminiCorpusTest.parse(text);
    }
}
