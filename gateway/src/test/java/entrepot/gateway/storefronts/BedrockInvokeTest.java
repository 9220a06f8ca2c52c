package entrepot.gateway.storefronts;

import static entrepot.gateway.storefronts.BedrockStall.BY_ID;
import static entrepot.gateway.storefronts.BedrockStall.NATIVE;
import static entrepot.gateway.storefronts.BedrockStall.TRANSLATED;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failure.Cause;
import entrepot.gateway.KnownKeys;
import entrepot.protocols.json.Json;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.Script;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.CountTokensInput;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithResponseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithResponseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** InvokeModel, counts and lists with AWS's own client. */
class BedrockInvokeTest {

    private static final String ANTHROPIC =
            "{\"anthropic_version\":\"bedrock-2023-05-31\",\"max_tokens\":9,"
                    + "\"messages\":[{\"role\":"
                    + "\"user\",\"content\":\"Hi\"}]}";
    private static final String NOVA =
            "{\"schemaVersion\":\"messages-v1\",\"messages\":[{\"role\":\"user\",\"content\":[{"
                    + "\"text\":\"Hi\"}]}],\"inferenceConfig\":{\"max_new_tokens\":9}}";

    private final BedrockStall stall = new BedrockStall();

    @AfterEach
    void close() {
        stall.close();
    }

    @Test
    void bodiesPassToBedrockAsTheyCame() {
        String answer =
                "{\"id\":\"msg\",\"type\":\"message\",\"role\":\"assistant\","
                    + "\"content\":[{\"type\":"
                    + "\"text\",\"text\":\"Moin\"}],\"model\":\"c\",\"stop_reason\":\"end_turn\","
                    + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}";
        stall.bedrock.answer(Script.json(200, answer));
        assertThat(invoked(NATIVE, ANTHROPIC)).isEqualTo(answer);
        assertThat(stall.bedrock.last().text()).isEqualTo(ANTHROPIC);
        assertThat(stall.bedrock.last().target()).endsWith("/invoke");
        assertThat(stall.latest().usage().totalTokens()).isEqualTo(5);
    }

    @Test
    void anthropicsBodiesReachOtherDialects() throws Exception {
        stall.openai.answer(ChatScripts.answer("Moin", 3, 2));
        JsonNode answer = Json.read(invoked(TRANSLATED, ANTHROPIC), Cause.INTERNAL);
        assertThat(answer.at("/content/0/text").stringValue()).isEqualTo("Moin");
        assertThat(answer.at("/usage/output_tokens").intValue()).isEqualTo(2);
        JsonNode sent = Json.read(stall.openai.last().text(), Cause.INTERNAL);
        assertThat(sent.path("model").stringValue()).isEqualTo("one");
        assertThat(sent.at("/messages/0/content").stringValue()).isEqualTo("Hi");

        stall.openai.answer(ChatScripts.stream(3, 2, "Mo", "in"));
        List<JsonNode> events = streamed(TRANSLATED, ANTHROPIC);
        assertThat(events.getFirst().path("type").stringValue()).isEqualTo("message_start");
        assertThat(events.getLast().path("type").stringValue()).isEqualTo("message_stop");
        assertThat(
                        events.getLast()
                                .at("/amazon-bedrock-invocationMetrics/outputTokenCount")
                                .intValue())
                .isEqualTo(2);
        assertThat(text(events, "/delta/text")).isEqualTo("Moin");
    }

    @Test
    void novasBodiesReachOtherDialects() throws Exception {
        stall.openai.answer(ChatScripts.answer("Moin", 3, 2));
        JsonNode answer = Json.read(invoked(TRANSLATED, NOVA), Cause.INTERNAL);
        assertThat(answer.at("/output/message/content/0/text").stringValue()).isEqualTo("Moin");
        assertThat(stall.openai.last().text()).contains("\"max_completion_tokens\":9");

        stall.openai.answer(ChatScripts.stream(3, 2, "Mo", "in"));
        List<JsonNode> events = streamed(TRANSLATED, NOVA);
        assertThat(events.getFirst().has("messageStart")).isTrue();
        assertThat(text(events, "/contentBlockDelta/delta/text")).isEqualTo("Moin");
    }

    @Test
    void streamsPassAsTheyCameAndAreWeighed() throws Exception {
        String last =
                "{\"type\":\"message_stop\",\"amazon-bedrock-invocationMetrics\":{"
                        + "\"inputTokenCount\":3,\"outputTokenCount\":2}}";
        stall.bedrock.answer(
                BedrockStall.stream(
                        "chunk",
                        chunk("{\"type\":\"message_start\",\"message\":{}}"),
                        "chunk",
                        chunk("{\"type\":\"content_block_delta\",\"delta\":{\"text\":\"Moin\"}}"),
                        "chunk",
                        chunk(last)));
        List<JsonNode> events = streamed(NATIVE, ANTHROPIC);
        assertThat(events).hasSize(3);
        assertThat(events.getLast()).isEqualTo(Json.read(last, Cause.INTERNAL));
        assertThat(stall.latest().usage().totalTokens()).isEqualTo(5);
    }

    @Test
    void bodiesOfOtherMakersGoToBedrockOrNowhere() {
        String jurassic = "{\"prompt\":\"Hi\",\"maxTokens\":9}";
        String answer = "{\"completions\":[{\"data\":{\"text\":\"Moin\"}}]}";
        stall.bedrock.answer(
                Script.json(200, answer)
                        .header("X-Amzn-Bedrock-Input-Token-Count", "3")
                        .header("X-Amzn-Bedrock-Output-Token-Count", "2"));
        assertThat(invoked(NATIVE, jurassic)).isEqualTo(answer);
        assertThat(stall.latest().usage().totalTokens()).isEqualTo(5);
        assertThatThrownBy(() -> invoked(TRANSLATED, jurassic))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Converse");
    }

    @Test
    void tokensAreCounted() {
        stall.bedrock.answer(Script.json(200, "{\"inputTokens\":17}"));
        var input =
                CountTokensInput.fromInvokeModel(
                        body -> body.body(SdkBytes.fromUtf8String(ANTHROPIC)));
        try (var client = stall.client()) {
            assertThat(client.countTokens(c -> c.modelId(NATIVE).input(input)).inputTokens())
                    .isEqualTo(17);
            assertThat(client.countTokens(c -> c.modelId(TRANSLATED).input(input)).inputTokens())
                    .isPositive();
        }
        assertThat(stall.bedrock.last().target()).endsWith("/count-tokens");
        stall.bedrock.answer(
                BedrockStall.refusal(
                        400,
                        "ValidationException",
                        "The provided model doesn't support counting tokens."));
        try (var client = stall.client()) {
            assertThat(client.countTokens(c -> c.modelId(NATIVE).input(input)).inputTokens())
                    .as("estimated")
                    .isPositive();
        }
    }

    @Test
    void modelsAreListed() throws IOException {
        JsonNode models = listed("/foundation-models");
        assertThat(models.path("modelSummaries").findValuesAsString("modelId"))
                .contains(NATIVE, TRANSLATED, BY_ID)
                .hasSize(3 + BedrockStall.INVOKED.size());
        assertThat(
                        listed("/foundation-models/acme%2Fone")
                                .at("/modelDetails/modelId")
                                .stringValue())
                .isEqualTo(TRANSLATED);
        JsonNode profile =
                listed("/inference-profiles/arn:aws:bedrock::inference-profile/acme/one");
        assertThat(profile.path("inferenceProfileId").stringValue()).isEqualTo(TRANSLATED);
        assertThat(listed("/inference-profiles").path("inferenceProfileSummaries").size())
                .isEqualTo(3 + BedrockStall.INVOKED.size());
        assertThat(listed("/foundation-models/none").path("message").isString()).isTrue();
    }

    private JsonNode listed(String path) {
        var request =
                stall.served
                        .request("GET", path, "")
                        .setHeader("authorization", "Bearer " + KnownKeys.MODELS)
                        .build();
        return Json.read(stall.served.send(request).body(), Cause.INTERNAL);
    }

    private String invoked(String model, String body) {
        try (var client = stall.client()) {
            return client.invokeModel(i -> i.modelId(model).body(SdkBytes.fromUtf8String(body)))
                    .body()
                    .asUtf8String();
        }
    }

    private List<JsonNode> streamed(String model, String body) throws Exception {
        var events = new ArrayList<JsonNode>();
        var handler =
                InvokeModelWithResponseStreamResponseHandler.builder()
                        .subscriber(
                                InvokeModelWithResponseStreamResponseHandler.Visitor.builder()
                                        .onChunk(part ->
                                                events.add(
                                                        Json.read(
                                                                part.bytes().asUtf8String(),
                                                                Cause.INTERNAL)))
                                        .build())
                        .build();
        var request =
                InvokeModelWithResponseStreamRequest.builder()
                        .modelId(model)
                        .body(SdkBytes.fromUtf8String(body))
                        .build();
        try (BedrockRuntimeAsyncClient client = stall.asyncClient()) {
            client.invokeModelWithResponseStream(request, handler).get(30, TimeUnit.SECONDS);
        }
        return events;
    }

    private static String text(List<JsonNode> events, String pointer) {
        var text = new StringBuilder();
        events.forEach(event -> text.append(event.at(pointer).asString("")));
        return text.toString();
    }

    private static String chunk(String event) {
        return "{\"bytes\":\""
                + Base64.getEncoder().encodeToString(event.getBytes(UTF_8))
                + "\",\"p\":\"abc\"}";
    }
}
