package entrepot.protocols.anthropic.messages;

import static entrepot.protocols.anthropic.messages.MessagesRequests.DIALECT;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Request;
import entrepot.protocols.Corpus;
import entrepot.protocols.Corpus.Row;
import entrepot.protocols.anthropic.AnthropicErrors;
import entrepot.protocols.anthropic.ApiVersion;
import entrepot.protocols.anthropic.versions.ApiVersions;
import entrepot.protocols.json.Json;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

/** The laws of the dialect over everything that was recorded of it. */
class MessagesCorpusTest {

    private static final ApiVersion VERSION = ApiVersions.of("2023-06-01");

    @Test
    void everyRequestIsWrittenAsItWasRead() {
        var softly = new SoftAssertions();
        int count = 0;
        for (Row row : requests()) {
            JsonNode json = Json.read(row.request(), Cause.INTERNAL);
            if (!isWellFormed(json)) {
                continue;
            }
            // Some clouds name the model in the address: the body then has none.
            boolean named = json.path("model").isString();
            Request request =
                    named
                            ? read(row)
                            : MessagesRequests.read(row.request(), "from-address", VERSION);
            ObjectNode again = MessagesRequests.tree(request);
            if (!named) {
                assertThat(again.remove("model").stringValue()).isEqualTo("from-address");
            }
            if (isCount(row)) {
                again.remove("max_tokens");
            }
            softly.assertThat(Json.read(Json.write(again), Cause.INTERNAL))
                    .as(row.id())
                    .isEqualTo(json);
            count++;
        }
        softly.assertAll();
        assertThat(count).isGreaterThan(140);
    }

    @Test
    void whatAnthropicRefusesForItsShapeIsRefused() {
        int count = 0;
        for (Row row : requests()) {
            if (!isWellFormed(Json.read(row.request(), Cause.INTERNAL))) {
                assertThat(row.status()).isEqualTo(400);
                assertThatThrownBy(() -> read(row))
                        .isInstanceOfSatisfying(
                                Failed.class,
                                failed ->
                                        assertThat(failed.failure().param())
                                                .isEqualTo("messages[0]"));
                count++;
            }
        }
        assertThat(count).isEqualTo(1);
    }

    @Test
    void everyRequestPassesThroughByteForByte() {
        int count = 0;
        for (Row row : requests()) {
            JsonNode json = Json.read(row.request(), Cause.INTERNAL);
            if (!json.path("model").isString()) {
                continue;
            }
            MessagesEnvelope envelope =
                    isCount(row)
                            ? MessagesEnvelope.scanCounted(row.request(), VERSION)
                            : MessagesEnvelope.scan(row.request(), VERSION);
            assertThat(envelope.model()).isEqualTo(json.path("model").stringValue());
            assertThat(envelope.stream()).isEqualTo(json.path("stream").asBoolean(false));
            assertThat(envelope.splice(envelope.model())).isSameAs(row.request());
            ((ObjectNode) json).put("model", "ø/other");
            assertThat(Json.read(envelope.splice("ø/other"), Cause.INTERNAL))
                    .as(row.id())
                    .isEqualTo(json);
            count++;
        }
        assertThat(count).isGreaterThan(120);
    }

    @Test
    void everyWholeAnswerIsWrittenAsItWasRead() {
        var softly = new SoftAssertions();
        int count = 0;
        for (Row row : rows()) {
            if (!new String(row.response(), UTF_8).startsWith("{") || row.isStream()) {
                continue;
            }
            JsonNode json = Json.read(row.response(), Cause.INTERNAL);
            if (!json.path("content").isArray()) {
                continue;
            }
            var answer = MessagesAnswers.read(row.response());
            JsonNode again = Json.read(MessagesAnswers.write(answer), Cause.INTERNAL);
            softly.assertThat(again).as(row.id()).isEqualTo(json);
            softly.assertThat(answer.extras().dialect()).isEqualTo(DIALECT);
            softly.assertThat(MessagesTotals.read(row.response()).usage())
                    .isEqualTo(answer.usage());
            count++;
        }
        softly.assertAll();
        assertThat(count).isGreaterThan(80);
    }

    @Test
    void r42EveryErrorIsUnderstoodAndToldAgain() {
        int count = 0;
        for (Row row : rows()) {
            if (row.status() < 400 || !row.path().startsWith("/v1/messages")) {
                continue;
            }
            Failure failure = AnthropicErrors.read(row.status(), _ -> null, row.response());
            JsonNode theirs = Json.read(row.response(), Cause.INTERNAL);
            assertThat(failure.supplierCode())
                    .isEqualTo(theirs.path("error").path("type").stringValue());
            assertThat(failure.supplierRequestId())
                    .isEqualTo(
                            theirs.path("request_id").isString()
                                    ? theirs.path("request_id").stringValue()
                                    : null);
            assertThat(failure.cause())
                    .isEqualTo(
                            Map.of(
                                            400, Cause.INVALID_REQUEST,
                                            401, Cause.SUPPLIER_REFUSED,
                                            404, Cause.MODEL_NOT_FOUND)
                                    .get(row.status()));
            count++;
        }
        assertThat(count).isGreaterThan(5);
    }

    @Test
    void everyCountIsRead() {
        int count = 0;
        for (Row row : rows()) {
            if (isCount(row) && row.status() == 200) {
                long tokens = new TokenCounts().read(row.response());
                assertThat(tokens).isPositive();
                assertThat(Json.read(TokenCounts.write(tokens), Cause.INTERNAL))
                        .isEqualTo(Json.read(row.response(), Cause.INTERNAL));
                count++;
            }
        }
        assertThat(count).isGreaterThan(4);
    }

    @Test
    void everyCapturedRequestOfARealClientIsRead() {
        int count = 0;
        for (String file :
                List.of(
                        "js-anthropic-sdk-0.137.0.http",
                        "js-anthropic-sdk-1.10.0.http",
                        "java-anthropic-3.10.0.http",
                        "cli-claude-code-2.1.328.http",
                        "js-vercel-ai-7.0.173.http",
                        "js-langchain-1.x.http",
                        "java-langchain4j-1.19.0.http")) {
            for (String request : Corpus.capture(file).split("### request [0-9]+")) {
                int body = request.indexOf("\n{");
                if (!request.contains("POST /v1/messages") || body < 0) {
                    continue;
                }
                if (request.contains("/batches")) {
                    continue;
                }
                ApiVersion version = ApiVersions.of(header(request, "anthropic-version"));
                byte[] bytes = request.substring(body).strip().getBytes(UTF_8);
                Request read =
                        request.contains("/count_tokens")
                                ? MessagesRequests.readCounted(bytes, version)
                                : MessagesRequests.read(bytes, version);
                ObjectNode again = MessagesRequests.tree(read);
                if (request.contains("/count_tokens")) {
                    again.remove("max_tokens");
                }
                assertThat(again).isEqualTo(Json.read(bytes, Cause.INTERNAL));
                count++;
            }
        }
        assertThat(count).isGreaterThanOrEqualTo(14);
    }

    static String header(String request, String name) {
        return request.lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    private static Request read(Row row) {
        return isCount(row)
                ? MessagesRequests.readCounted(row.request(), VERSION)
                : MessagesRequests.read(row.request(), VERSION);
    }

    private static boolean isCount(Row row) {
        return row.path().contains("/count_tokens");
    }

    /** One recorded client sent texts where messages belong. */
    private static boolean isWellFormed(JsonNode json) {
        return json.path("messages").valueStream().allMatch(JsonNode::isObject);
    }

    private static List<Row> requests() {
        return rows().stream()
                .filter(row -> row.request().length > 0)
                .filter(row -> new String(row.request(), UTF_8).stripLeading().startsWith("{"))
                .filter(row -> isMessages(Json.read(row.request(), Cause.INTERNAL), row.path()))
                .toList();
    }

    private static boolean isMessages(JsonNode json, String path) {
        return path.contains("/v1/messages")
                || (json.path("anthropic_version").isString() && json.path("messages").isArray());
    }

    private static List<Row> rows() {
        return Corpus.rows(
                        "anthropic-messages.jsonl",
                        "anthropic-messages.responses-only.jsonl",
                        "anthropic-other.jsonl",
                        "agent-loops.jsonl",
                        "vertex.jsonl",
                        "bedrock-invoke.jsonl",
                        "bedrock-invoke-stream.jsonl")
                .stream()
                .filter(row ->
                        row.path().isEmpty()
                                || row.path().contains("/v1/messages")
                                || row.path().contains("anthropic")
                                || row.path().contains("claude"))
                .filter(row -> !row.path().contains("converse"))
                .toList();
    }
}
