package entrepot.gateway.storefronts;

import static entrepot.gateway.storefronts.BedrockStall.BY_ID;
import static entrepot.gateway.storefronts.BedrockStall.NATIVE;
import static entrepot.gateway.storefronts.BedrockStall.TRANSLATED;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.protocols.aws.AwsCredentials;
import entrepot.protocols.aws.AwsRequest;
import entrepot.protocols.aws.AwsScope;
import entrepot.protocols.aws.SigV4Rules;
import entrepot.protocols.aws.SigV4Signer;
import entrepot.protocols.aws.SigV4Verdict;
import entrepot.protocols.aws.SigV4Verifier;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.PlainClient;
import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier.Received;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.BedrockRuntimeException;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockruntime.model.ServiceUnavailableException;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolInputSchema;
import software.amazon.awssdk.services.bedrockruntime.model.ToolSpecification;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** AWS's own clients, unmodified, before a Bedrock and before a supplier of another dialect. */
class BedrockTest {

    private static final String ANSWER =
            "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"Moin\"}]}},"
                    + "\"stopReason\":\"end_turn\",\"usage\":{\"inputTokens\":3,\"outputTokens\":2,"
                    + "\"totalTokens\":5},\"metrics\":{\"latencyMs\":7},\"new\":1.10}";

    private final BedrockStall stall = new BedrockStall();
    private final Told told = new Told();

    @AfterEach
    void close() {
        stall.close();
    }

    @Test
    void converseWithBedrockBehindIt() {
        stall.bedrock.answer(Script.json(200, ANSWER));
        try (var client = stall.client()) {
            ConverseResponse answer = client.converse(ask(NATIVE));
            assertThat(answer.output().message().content().getFirst().text()).isEqualTo("Moin");
            assertThat(answer.usage().totalTokens()).isEqualTo(5);
            assertThat(answer.metrics().latencyMs()).isEqualTo(7);
        }
        assertThat(stall.bedrock.last().text())
                .isEqualTo("{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"Hi\"}]}]}");
    }

    /** R94: what we sign for an id with a colon is what AWS verifies. */
    @Test
    void callsToBedrockAreSigned() {
        stall.bedrock.answer(Script.json(200, ANSWER));
        try (var client = stall.client()) {
            client.converse(ask(BY_ID));
        }
        Received received = stall.bedrock.last();
        assertThat(received.target())
                .isEqualTo("/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse");
        assertThat(received.header("x-amz-security-token")).isEqualTo("temporary-token");
        assertThat(received.headers().toString()).doesNotContain(stall.pair.key().prefix());
        var verifier =
                new SigV4Verifier(
                        SigV4Rules.of("bedrock"), id -> "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        var headers = new ArrayList<AwsRequest.Header>();
        for (String line : received.headers()) {
            int colon = line.indexOf(':');
            headers.add(
                    new AwsRequest.Header(
                            line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        var verdict =
                verifier.verify(
                        AwsRequest.of("POST", received.target(), "", headers, received.body()),
                        Instant.now());
        assertThat(verdict).isInstanceOf(SigV4Verdict.Verified.class);
        assertThat(((SigV4Verdict.Verified) verdict).scope().region()).isEqualTo("eu-west-1");
    }

    @Test
    void converseWithAnotherDialectBehindIt() {
        stall.openai.answer(ChatScripts.toolCall("call_1", "weather", "{\"city\":\"Kiel\"}"));
        try (var client = stall.client()) {
            var schema = Document.mapBuilder().putString("type", "object").build();
            ConverseResponse answer =
                    client.converse(
                            ask(TRANSLATED).toBuilder()
                                    .toolConfig(t ->
                                            t.tools(
                                                    Tool.fromToolSpec(
                                                            ToolSpecification.builder()
                                                                    .name("weather")
                                                                    .inputSchema(
                                                                            ToolInputSchema
                                                                                    .fromJson(
                                                                                            schema))
                                                                    .build())))
                                    .build());
            assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_USE);
            var use = answer.output().message().content().getFirst().toolUse();
            assertThat(use.name()).isEqualTo("weather");
            assertThat(use.toolUseId()).isEqualTo("call_1");
            assertThat(use.input().asMap()).containsEntry("city", Document.fromString("Kiel"));
            assertThat(answer.usage().totalTokens()).isEqualTo(15);
        }
        assertThat(stall.openai.last().text()).contains("\"name\":\"weather\"");
    }

    @Test
    void converseStreamOverHttp2WithBedrockBehindIt() throws Exception {
        stall.bedrock.answer(
                BedrockStall.stream(
                        "messageStart",
                        "{\"role\":\"assistant\"}",
                        "contentBlockDelta",
                        "{\"delta\":{\"text\":\"Mo\"},\"contentBlockIndex\":0}",
                        "contentBlockDelta",
                        "{\"delta\":{\"text\":\"in\"},\"contentBlockIndex\":0}",
                        "contentBlockStop",
                        "{\"contentBlockIndex\":0}",
                        "messageStop",
                        "{\"stopReason\":\"end_turn\"}",
                        "metadata",
                        "{\"usage\":{\"inputTokens\":3,\"outputTokens\":2,\"totalTokens\":5},"
                                + "\"metrics\":{\"latencyMs\":7}}"));
        streamed(NATIVE);
        assertThat(told.text.toString()).isEqualTo("Moin");
        assertThat(told.total).isEqualTo(5);
        assertThat(stall.latest().usage().totalTokens()).isEqualTo(5);
    }

    @Test
    void converseStreamOverHttp2WithAnotherDialectBehindIt() throws Exception {
        stall.openai.answer(ChatScripts.stream(3, 2, "Mo", "in"));
        streamed(TRANSLATED);
        assertThat(told.text.toString()).isEqualTo("Moin");
        assertThat(told.total).isEqualTo(5);
        assertThat(told.events)
                .containsExactly(
                        "messageStart",
                        "contentBlockDelta",
                        "contentBlockDelta",
                        "contentBlockStop",
                        "messageStop",
                        "metadata");
    }

    /** R16: what breaks after content is an exception frame that the client understands. */
    @Test
    void aBreakAfterContentIsATypedException() {
        stall.openai.answer(ChatScripts.stream(3, 2, "Mo", "in").cutAfterBytes(420));
        assertThatThrownBy(() -> streamed(TRANSLATED))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ServiceUnavailableException.class);
        assertThat(told.text.toString()).isEqualTo("Mo");

        stall.bedrock.answer(
                BedrockStall.stream(
                                "messageStart",
                                "{\"role\":\"assistant\"}",
                                "contentBlockDelta",
                                "{\"delta\":{\"text\":\"Mo\"},\"contentBlockIndex\":0}")
                        .cut());
        assertThatThrownBy(() -> streamed(NATIVE)).isInstanceOf(ExecutionException.class);
    }

    /** R14: a Bedrock that rejects at once is a status, not a stream. */
    @Test
    void aRejectionBeforeContentIsAStatus() {
        stall.bedrock.answer(
                BedrockStall.stream("validationException", "{\"message\":\"no such\"}"));
        assertThatThrownBy(() -> streamed(NATIVE))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ValidationException.class);
    }

    @Test
    void errorsHaveTheirTypes() {
        try (var client = stall.client()) {
            stall.bedrock.answer(
                    BedrockStall.refusal(400, "ValidationException:http://x/", "bad messages"));
            assertThatThrownBy(() -> client.converse(ask(NATIVE)))
                    .isInstanceOf(ValidationException.class)
                    .hasMessageContaining("bad messages");
            stall.bedrock.answer(
                    BedrockStall.refusal(403, "AccessDeniedException", "not your account"));
            BedrockRuntimeException refused =
                    catchThrowableOfType(
                            BedrockRuntimeException.class, () -> client.converse(ask(NATIVE)));
            assertThat(refused.statusCode()).isEqualTo(424);
            assertThat(refused.getMessage()).doesNotContain("not your account");
            assertThatThrownBy(() -> client.converse(ask("no-such-model")))
                    .isInstanceOf(ResourceNotFoundException.class);
        }
    }

    @Test
    void aWrongSecretIsRefused() {
        try (var client = stall.client("wrong")) {
            BedrockRuntimeException refused =
                    catchThrowableOfType(
                            BedrockRuntimeException.class, () -> client.converse(ask(NATIVE)));
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.awsErrorDetails().errorCode())
                    .isEqualTo("InvalidSignatureException");
        }
        stall.served.keys().revoke("acme", stall.pair.key().id());
        try (var client = stall.client()) {
            assertThatThrownBy(() -> client.converse(ask(NATIVE)))
                    .hasMessageContaining("security token");
        }
        assertThat(stall.bedrock.requests()).isEmpty();
    }

    /** One bit of path, header or body that was not signed is refused. */
    @Test
    void whatWasChangedOnTheWayIsRefused() throws IOException {
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"Hi\"}]}]}";
        String path = "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse";
        Map<String, String> headers = signed(path, body);
        stall.bedrock.always(Script.json(200, ANSWER));
        assertThat(status(path, headers, body)).isEqualTo(200);
        assertThat(status(path, headers, body.replace("Hi", "Ho"))).isEqualTo(403);
        assertThat(status(path.replace("%3A", ":"), headers, body)).isEqualTo(403);
        assertThat(status(path + "-stream", headers, body)).isEqualTo(403);
        var other = new LinkedHashMap<>(headers);
        other.put("content-type", "application/json; x=y");
        assertThat(status(path, other, body)).isEqualTo(403);
        var late = new LinkedHashMap<>(headers);
        late.put("x-amz-date", "20200101T000000Z");
        assertThat(status(path, late, body)).isEqualTo(403);
        assertThat(stall.bedrock.requests()).hasSize(1);
    }

    @Test
    void aBearerKeyIsGoodTooAndSlashesMayStandAsTheyAre() throws IOException {
        stall.bedrock.always(Script.json(200, ANSWER));
        var headers = new LinkedHashMap<String, String>();
        headers.put("content-type", "application/json");
        headers.put("authorization", "Bearer " + entrepot.gateway.KnownKeys.MODELS);
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"Hi\"}]}]}";
        assertThat(status("/model/aws/claude/converse", headers, body)).isEqualTo(200);
        assertThat(status("/model/aws%2Fclaude/converse", headers, body)).isEqualTo(200);
        assertThat(status("/model/aws/claude/converse", headers, "{}")).isEqualTo(400);
    }

    private Map<String, String> signed(String path, String body) {
        var signer = new SigV4Signer(new AwsScope("us-east-1", "bedrock"), true);
        var headers = new LinkedHashMap<String, String>();
        headers.put("content-type", "application/json");
        var request =
                AwsRequest.of(
                        "POST",
                        path,
                        "",
                        List.of(
                                new AwsRequest.Header("host", stall.url().getAuthority()),
                                new AwsRequest.Header("content-type", "application/json")),
                        body.getBytes(UTF_8));
        var credentials =
                new AwsCredentials(stall.pair.key().prefix(), stall.pair.secret().reveal(), null);
        signer.sign(request, credentials, Instant.now())
                .forEach(header ->
                        headers.put(header.name().toLowerCase(Locale.ROOT), header.value()));
        return headers;
    }

    private int status(String path, Map<String, String> headers, String body) throws IOException {
        URI uri = URI.create(stall.served.url() + path);
        try (var client = PlainClient.send("POST", uri, headers, body.getBytes(UTF_8))) {
            return client.status();
        }
    }

    private static ConverseRequest ask(String model) {
        return ConverseRequest.builder().modelId(model).messages(hi()).build();
    }

    private static Message hi() {
        return Message.builder()
                .role(ConversationRole.USER)
                .content(ContentBlock.fromText("Hi"))
                .build();
    }

    /** What a stream told. */
    private static final class Told {
        private final StringBuilder text = new StringBuilder();
        private final List<String> events = new ArrayList<>();
        private int total;
    }

    private void streamed(String model) throws Exception {
        var visitor =
                ConverseStreamResponseHandler.Visitor.builder()
                        .onContentBlockDelta(e -> told.text.append(e.delta().text()))
                        .onMetadata(e -> told.total = e.usage().totalTokens())
                        .build();
        var handler =
                ConverseStreamResponseHandler.builder()
                        .subscriber(event -> {
                            told.events.add(event.sdkEventType().toString());
                            event.accept(visitor);
                        })
                        .build();
        try (BedrockRuntimeAsyncClient client = stall.asyncClient()) {
            client.converseStream(
                            ConverseStreamRequest.builder().modelId(model).messages(hi()).build(),
                            handler)
                    .get(30, TimeUnit.SECONDS);
        }
    }
}
