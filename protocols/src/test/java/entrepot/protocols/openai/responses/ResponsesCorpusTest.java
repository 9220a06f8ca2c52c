package entrepot.protocols.openai.responses;

import static entrepot.protocols.openai.responses.Recorded.json;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Failed;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.protocols.Corpus;
import entrepot.protocols.Corpus.Row;
import entrepot.protocols.json.Json;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

/** The laws of the dialect over everything that was recorded of it. */
class ResponsesCorpusTest {

    @Test
    void everyRequestIsWrittenAsItWasRead() {
        var softly = new SoftAssertions();
        int count = 0;
        for (Row row : Recorded.rows()) {
            if (!hasModel(row)) {
                continue;
            }
            Request request = ResponsesRequests.read(row.request());
            softly.assertThat(json(ResponsesRequests.write(request)))
                    .as(row.id())
                    .isEqualTo(json(row.request()));
            count++;
        }
        softly.assertAll();
        assertThat(count).isGreaterThan(200);
    }

    @Test
    void everyRequestPassesThroughByteForByte() {
        for (Row row : Recorded.rows()) {
            if (!hasModel(row)) {
                continue;
            }
            var envelope = ResponsesEnvelope.scan(row.request());
            JsonNode json = json(row.request());
            assertThat(envelope.model()).isEqualTo(json.path("model").stringValue());
            assertThat(envelope.stream()).isEqualTo(json.path("stream").asBoolean(false));
            assertThat(envelope.splice(envelope.model())).isEqualTo(row.request());
            ((ObjectNode) json).put("model", "ø/other");
            assertThat(json(envelope.splice("ø/other"))).as(row.id()).isEqualTo(json);
            ((ObjectNode) json).put("store", false).remove("tools");
            JsonNode none = Json.object().nullNode();
            Map<String, JsonNode> changes =
                    Map.of("store", Json.object().booleanNode(false), "tools", none);
            assertThat(json(envelope.splice("ø/other", changes))).as(row.id()).isEqualTo(json);
        }
    }

    @Test
    void everyWholeAnswerIsWrittenAsItWasRead() {
        var softly = new SoftAssertions();
        int count = 0;
        for (Row row : Recorded.rows()) {
            if (row.isStream() || !json(row.response()).path("output").isArray()) {
                continue;
            }
            Answer answer = ResponsesAnswers.read(row.response());
            softly.assertThat((JsonNode) ResponsesAnswers.asRead(answer))
                    .as(row.id())
                    .isEqualTo(json(row.response()));
            long total = json(row.response()).path("usage").path("total_tokens").asLong(0);
            softly.assertThat(answer.usage().totalTokens()).as(row.id()).isEqualTo(total);
            count++;
        }
        softly.assertAll();
        assertThat(count).isGreaterThan(100);
    }

    @Test
    void everyAnswerIsToldToACallerWithAllThatOpenAiSaid() {
        for (Row row : Recorded.rows()) {
            if (row.isStream() || !json(row.response()).path("output").isArray()) {
                continue;
            }
            JsonNode theirs = json(row.response());
            JsonNode asked = row.request().length == 0 ? Json.object() : json(row.request());
            Answer answer = ResponsesAnswers.read(row.response());
            ObjectNode told = Recorded.voice(asked).response(answer);
            assertThat(told.path("output").size()).isEqualTo(theirs.path("output").size());
            for (int i = 0; i < told.path("output").size(); i++) {
                JsonNode item = theirs.path("output").get(i);
                for (Map.Entry<String, JsonNode> member : item.properties()) {
                    if (!member.getKey().equals("content")) {
                        assertThat(told.path("output").get(i).path(member.getKey()))
                                .as(row.id() + " " + member.getKey())
                                .isEqualTo(member.getValue());
                    }
                }
            }
            String status = theirs.path("status").stringValue();
            assertThat(told.path("status").stringValue())
                    .isEqualTo(status.equals("complete") ? "completed" : status);
            assertThat(ResponsesAnswers.read(told).parts()).hasSameSizeAs(answer.parts());
        }
    }

    @Test
    void anErrorInThePlaceOfAnAnswerIsAFailure() {
        int count = 0;
        for (Row row : Recorded.rows()) {
            if (row.isStream() || json(row.response()).path("output").isArray()) {
                continue;
            }
            try {
                ResponsesAnswers.read(row.response());
                assertThat(row.id()).as("no answer, yet read").isEmpty();
            } catch (Failed failed) {
                assertThat(failed.failure().message()).isNotEmpty();
                count++;
            }
        }
        assertThat(count).isPositive();
    }

    @Test
    void everyCapturedRequestOfARealClientIsRead() {
        int count = 0;
        for (String file :
                List.of(
                        "js-openai-7.55.0.http",
                        "js-openai-7.55.0-azure.http",
                        "java-openai-4.98.0.http",
                        "js-vercel-ai-7.0.173.http",
                        "js-langchain-1.x.http",
                        "js-openai-agents-0.20.0.http",
                        "java-langchain4j-1.19.0.http",
                        "cli-promptfoo-0.121.20.http",
                        "cli-codex-0.169.0.http",
                        "cli-codex-0.169.0-openai_base_url-websocket-first.http")) {
            for (String request : Corpus.capture(file).split("### request [0-9]+")) {
                int body = request.indexOf("\n{");
                if (!request.matches("(?s)\\s*POST [^ ]*/responses[ ?].*") || body < 0) {
                    continue;
                }
                byte[] bytes = request.substring(body).strip().getBytes(UTF_8);
                var envelope = ResponsesEnvelope.scan(bytes);
                Request read = ResponsesRequests.read(bytes);
                assertThat(envelope.model()).isEqualTo(read.model());
                assertThat(envelope.stream()).isEqualTo(read.stream());
                assertThat(json(ResponsesRequests.write(read))).isEqualTo(json(bytes));
                count++;
            }
        }
        assertThat(count).isGreaterThanOrEqualTo(15);
    }

    /** A stored prompt may name the model by itself; nobody here could look that up. */
    private static boolean hasModel(Row row) {
        return row.request().length > 0 && json(row.request()).path("model").isString();
    }

    @Test
    void turnsOfTheModelAreOneMessage() {
        int calls = 0;
        for (Row row : Recorded.rows()) {
            if (!hasModel(row)) {
                continue;
            }
            var messages = ResponsesRequests.read(row.request()).messages();
            for (int i = 1; i < messages.size(); i++) {
                boolean turn =
                        messages.get(i).parts().stream()
                                .anyMatch(part ->
                                        part instanceof Part.ToolCall
                                                || part instanceof Part.ToolResult);
                if (turn) {
                    calls++;
                    assertThat(messages.get(i).role())
                            .as(row.id())
                            .isNotEqualTo(messages.get(i - 1).role());
                }
            }
        }
        assertThat(calls).isGreaterThan(50);
    }
}
