package entrepot.protocols.google.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.Corpus;
import entrepot.protocols.Corpus.Row;
import entrepot.protocols.json.Json;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** The laws of the dialect over everything that was recorded of it. */
class GeminiCorpusTest {

    @Test
    void everyRequestIsWrittenAsItWasRead() {
        var softly = new SoftAssertions();
        int count = 0;
        for (Row row : Rows.all()) {
            if (row.request().length == 0) {
                continue;
            }
            var request = GeminiRequests.read(row.request(), Rows.model(row), row.isStream());
            JsonNode again = Rows.json(GeminiRequests.write(request));
            softly.assertThat(again).as(row.id()).isEqualTo(Rows.json(row.request()));
            count++;
        }
        softly.assertAll();
        assertThat(count).isGreaterThan(110);
    }

    @Test
    void everyRequestPassesThroughByteForByte() {
        for (Row row : Rows.all()) {
            if (row.request().length == 0) {
                continue;
            }
            var envelope = GeminiEnvelope.scan(row.request());
            JsonNode json = Rows.json(row.request());
            if (!json.has("model")) {
                assertThat(envelope.splice("any")).isSameAs(row.request());
                continue;
            }
            ((ObjectNode) json).put("model", "models/ø\"x");
            assertThat(Rows.json(envelope.splice("ø\"x"))).as(row.id()).isEqualTo(json);
        }
    }

    @Test
    void everyWholeAnswerIsWrittenAsItWasRead() {
        var softly = new SoftAssertions();
        int count = 0;
        for (Row row : Rows.all()) {
            if (row.isStream() || Rows.isArray(row) || row.response().length == 0) {
                continue;
            }
            JsonNode json = Rows.json(row.response());
            if (json.has("error")) {
                continue;
            }
            Answer answer = GeminiAnswers.read(row.response());
            JsonNode again = Rows.json(GeminiAnswers.write(answer));
            softly.assertThat(again).as(row.id()).isEqualTo(json);
            count++;
        }
        softly.assertAll();
        assertThat(count).isGreaterThan(80);
    }

    @Test
    void everyChunkOfAStreamIsAnAnswerOfItsOwn() {
        for (Row row : Rows.streams()) {
            for (String chunk : Rows.chunks(row)) {
                if (chunk.contains("\"error\"")) {
                    continue;
                }
                byte[] bytes = chunk.getBytes(UTF_8);
                assertThat(Rows.json(GeminiAnswers.write(GeminiAnswers.read(bytes))))
                        .as(row.id())
                        .isEqualTo(Rows.json(bytes));
            }
        }
    }

    @Test
    void everyErrorSaysWhoseFaultItIs() {
        int count = 0;
        for (Row row :
                Corpus.rows(
                        "gemini.jsonl",
                        "vertex.jsonl",
                        "gemini-other.jsonl",
                        "gemini.responses-only.jsonl")) {
            if (row.status() == 200
                    && !new String(row.response(), UTF_8).contains("\"error\": {")) {
                continue;
            }
            var failure = new GeminiDialect().refusal(row.status(), _ -> null, row.response());
            Cause expected =
                    switch (row.status()) {
                        case 429 -> Cause.SUPPLIER_LIMITED;
                        case 404 -> Cause.MODEL_NOT_FOUND;
                        case 401, 403 -> Cause.SUPPLIER_REFUSED;
                        default ->
                                new String(row.response(), UTF_8).contains("API key")
                                        ? Cause.SUPPLIER_REFUSED
                                        : Cause.INVALID_REQUEST;
                    };
            assertThat(failure.cause()).as(row.id()).isEqualTo(expected);
            assertThat(failure.message()).doesNotContain("example-project");
            count++;
        }
        assertThat(count).isGreaterThan(15);
    }

    @Test
    void everyCapturedRequestOfARealClientIsCarried() {
        int count = 0;
        for (String file :
                List.of(
                        "js-google-genai-3.1.0.http",
                        "java-google-genai-1.70.0.http",
                        "cli-gemini-cli-0.61.0.http",
                        "js-vercel-ai-7.0.173.http",
                        "js-langchain-1.x.http",
                        "java-langchain4j-1.19.0.http")) {
            for (String request : Corpus.capture(file).split("### request [0-9]+")) {
                int body = request.indexOf("\n{");
                if (!request.contains("enerateContent") || body < 0) {
                    continue;
                }
                byte[] bytes = request.substring(body).strip().getBytes(UTF_8);
                GeminiEnvelope.scan(bytes);
                var read = GeminiRequests.read(bytes, "m", false);
                assertThat(Rows.json(GeminiRequests.write(read)))
                        .as(file)
                        .isEqualTo(Rows.json(bytes));
                count++;
            }
        }
        assertThat(count).isGreaterThanOrEqualTo(10);
    }

    @Test
    void aCountIsReadWhicheverWayItIsAskedFor() {
        for (Row row : Corpus.rows("gemini-other.jsonl", "vertex.jsonl")) {
            if (!row.path().contains(":countTokens")) {
                continue;
            }
            var request = GeminiCounts.read(row.request(), "m");
            assertThat(request.messages()).isNotEmpty();
            if (row.status() == 200) {
                long expected = Rows.json(row.response()).path("totalTokens").asLong();
                var counts = GeminiCounts.of(row.request(), row.path().contains("/publishers/"));
                assertThat(counts.read(row.response())).isEqualTo(expected);
                assertThat(GeminiCounts.read(counts.write(request), "m"))
                        .as("what a supplier is asked")
                        .isEqualTo(request);
            }
        }
        String whole =
                "{\"generateContentRequest\":{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]}}";
        assertThat(GeminiCounts.read(whole.getBytes(UTF_8), "m").messages().getFirst().text())
                .isEqualTo("x");
    }

    @Test
    void whatIsNoAnswerIsRefused() {
        for (String body : List.of("{}", "[]", "7", "{\"candidates\":7}", "<html>")) {
            assertThat(failure(body)).isEqualTo(Cause.SUPPLIER_FAILED);
        }
        assertThat(failure("[{\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\"}}]"))
                .isEqualTo(Cause.SUPPLIER_LIMITED);
    }

    private static Cause failure(String body) {
        try {
            GeminiAnswers.read(body.getBytes(UTF_8));
            throw new AssertionError("read: " + body);
        } catch (Failed failed) {
            return failed.failure().cause();
        }
    }

    static JsonNode parse(String text) {
        return Json.read(text, Cause.INTERNAL);
    }
}
