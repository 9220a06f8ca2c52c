package entrepot.protocols.openai.chat;

import static entrepot.protocols.openai.chat.ChatRequests.DIALECT;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.Corpus;
import entrepot.protocols.Corpus.Row;
import entrepot.protocols.json.Json;

import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Set;

/** The laws of the dialect over everything that was recorded of it. */
class ChatCorpusTest {

    /** A list of messages where a list of parts belongs; OpenAI refused it the same way. */
    private static final Set<String> MALFORMED = Set.of("60bbc31e9fcd6748");

    @Test
    void everyRequestIsWrittenAsItWasRead() {
        var softly = new SoftAssertions();
        int count = 0;
        for (Row row : rows()) {
            if (row.request().length == 0 || MALFORMED.contains(row.id())) {
                continue;
            }
            JsonNode json = Json.read(row.request(), Cause.INTERNAL);
            // An Azure address names the model; the body then has none.
            if (!json.path("model").isString()) {
                ((ObjectNode) json).put("model", "m");
            }
            byte[] again = ChatRequests.write(ChatRequests.read(Json.write(json)));
            softly.assertThat(Json.read(again, Cause.INTERNAL))
                    .as(row.id())
                    .isEqualTo(completedRequest(json));
            count++;
        }
        softly.assertAll();
        assertThat(count).isGreaterThan(200);
    }

    @Test
    void whatOpenAiRefusesIsRefusedTheSameWay() {
        for (Row row : rows()) {
            if (MALFORMED.contains(row.id())) {
                Failed failed =
                        catchThrowableOfType(Failed.class, () -> ChatRequests.read(row.request()));
                JsonNode theirs = Json.read(row.response(), Cause.INTERNAL).path("error");
                assertThat(failed.failure().param()).isEqualTo(theirs.path("param").stringValue());
                assertThat(failed.failure().code()).isEqualTo(theirs.path("code").stringValue());
                assertThat(failed.failure().message())
                        .isEqualTo(theirs.path("message").stringValue());
            }
        }
    }

    @Test
    void everyRequestPassesThroughByteForByte() {
        for (Row row : rows()) {
            if (row.request().length == 0 || row.path().contains("/deployments/")) {
                continue;
            }
            var envelope = ChatEnvelope.scan(row.request());
            JsonNode json = Json.read(row.request(), Cause.INTERNAL);
            assertThat(envelope.model()).isEqualTo(json.path("model").stringValue());
            assertThat(envelope.stream()).isEqualTo(json.path("stream").asBoolean(false));
            assertThat(envelope.splice(envelope.model(), false)).isEqualTo(row.request());
            ((ObjectNode) json).put("model", "ø/other");
            if (envelope.stream() && !envelope.usageAsked()) {
                ((ObjectNode) json).withObject("stream_options").put("include_usage", true);
            }
            assertThat(Json.read(envelope.splice("ø/other", true), Cause.INTERNAL))
                    .as(row.id())
                    .isEqualTo(json);
        }
    }

    @Test
    void everyWholeAnswerIsWrittenAsItWasRead() {
        var softly = new SoftAssertions();
        int count = 0;
        for (Row row : rows()) {
            JsonNode json = whole(row);
            if (json == null || !json.path("choices").isArray()) {
                continue;
            }
            var answer = ChatAnswers.read(row.response());
            JsonNode again = Json.read(ChatAnswers.write(answer, 0), Cause.INTERNAL);
            softly.assertThat(again).as(row.id()).isEqualTo(completed(json));
            softly.assertThat(answer.extras().dialect()).isEqualTo(DIALECT);
            count++;
        }
        softly.assertAll();
        assertThat(count).isGreaterThan(90);
    }

    /** Mistral's clients leave the type of a tool out. */
    private static JsonNode completedRequest(JsonNode json) {
        json.path("tools")
                .forEach(tool -> {
                    if (tool.has("function")) {
                        ((ObjectNode) tool).putIfAbsent("type", text("function"));
                    }
                });
        return json;
    }

    /** Two members that the schema requires and that compatible servers leave out. */
    private static JsonNode completed(JsonNode json) {
        ObjectNode choice = (ObjectNode) json.path("choices").get(0);
        choice.withObject("message").put("role", "assistant");
        choice.path("message")
                .path("tool_calls")
                .forEach(call -> ((ObjectNode) call).putIfAbsent("type", text("function")));
        return json;
    }

    private static JsonNode text(String text) {
        return Json.object().stringNode(text);
    }

    private static @Nullable JsonNode whole(Row row) {
        return row.isStream() || row.response().length == 0
                ? null
                : Json.read(row.response(), Cause.INTERNAL);
    }

    private static List<Row> rows() {
        return Corpus.rows(
                        "openai-chat.jsonl",
                        "openai-compatible-chat.jsonl",
                        "azure-openai.jsonl",
                        "openai-chat.responses-only.jsonl",
                        "openai-compatible-chat.responses-only.jsonl")
                .stream()
                .filter(row -> row.path().isEmpty() || row.path().contains("chat/completions"))
                .toList();
    }
}
