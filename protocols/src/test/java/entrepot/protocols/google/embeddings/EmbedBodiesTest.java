package entrepot.protocols.google.embeddings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.embedding.EmbeddingRequest;
import entrepot.conversation.embedding.EmbeddingRequest.Input;
import entrepot.conversation.embedding.EmbeddingRequest.Purpose;
import entrepot.conversation.embedding.Embeddings;
import entrepot.protocols.Corpus;
import entrepot.protocols.Corpus.Row;
import entrepot.protocols.google.embeddings.EmbedBodies.Method;
import entrepot.protocols.json.Json;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;

class EmbedBodiesTest {

    private static final GoogleEmbeddings BATCH = new GoogleEmbeddings(Method.BATCH);

    @Test
    void everyRecordedExchangeIsUnderstoodBothWays() {
        int count = 0;
        for (Row row : Corpus.rows("gemini-other.jsonl", "vertex.jsonl")) {
            Method method = method(row);
            if (method == null) {
                continue;
            }
            EmbeddingRequest request = EmbedBodies.read(row.request(), "m", method);
            assertThat(request.inputs()).isNotEmpty();
            EmbeddingRequest again =
                    EmbedBodies.read(EmbedBodies.write(request, Method.BATCH), "m", Method.BATCH);
            assertThat(again).as(row.id()).isEqualTo(request.withInputs(request.inputs()));
            JsonNode spliced = Json.read(EmbedBodies.withModel(row.request(), "x"), Cause.INTERNAL);
            for (JsonNode each : spliced.path("requests")) {
                assertThat(each.path("model").stringValue()).isEqualTo("models/x");
            }
            if (row.status() == 200) {
                Embeddings answer = BATCH.read(request, name -> null, row.response());
                assertThat(answer.vectors()).hasSameSizeAs(request.inputs());
                byte[] told = EmbedBodies.write(answer, method);
                assertThat(BATCH.read(request, name -> null, told).vectors())
                        .as(row.id())
                        .isEqualTo(answer.vectors());
            } else {
                assertThat(BATCH.refusal(row.status(), name -> null, row.response()).cause())
                        .isEqualTo(Cause.MODEL_NOT_FOUND);
            }
            count++;
        }
        assertThat(count).isGreaterThan(11);
    }

    @Test
    void whatOthersAskIsWritten() {
        var request =
                new EmbeddingRequest(
                        "gemini-embedding-2",
                        List.of(new Input.Text("a"), new Input.Text("b")),
                        false,
                        768,
                        EmbeddingRequest.Encoding.BASE64,
                        Purpose.QUERY,
                        new Extras(
                                "openai.embeddings",
                                Map.of("user", Json.object().stringNode("u"))));
        JsonNode second =
                Json.read(EmbedBodies.write(request, Method.BATCH), Cause.INTERNAL)
                        .path("requests")
                        .path(1);
        assertThat(second)
                .isEqualTo(
                        Json.read(
                                """
                                {"model":"models/gemini-embedding-2",
                                 "content":{"parts":[{"text":"b"}]},
                                 "taskType":"RETRIEVAL_QUERY","outputDimensionality":768}
                                """,
                                Cause.INTERNAL));
        EmbeddingRequest first = request.withInputs(request.inputs().subList(0, 1));
        assertThat(new String(new GoogleEmbeddings(Method.ONE).write(first), UTF_8))
                .isEqualTo(
                        "{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"taskType\":"
                                + "\"RETRIEVAL_QUERY\",\"outputDimensionality\":768}");
        assertThat(new GoogleEmbeddings(Method.ONE).inputsMax("m")).isEqualTo(1);
        assertThat(BATCH.losses(request))
                .extracting(Loss::weight)
                .containsExactly(Loss.Weight.HINT);
        var tokens =
                EmbeddingRequest.of(
                        "m", List.of(new Input.Text("a"), new Input.Tokens(List.of(1))));
        Failed failed =
                catchThrowableOfType(Failed.class, () -> EmbedBodies.write(tokens, Method.BATCH));
        assertThat(failed.failure().param()).isEqualTo("input[1]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | BATCH | requests",
                "{\"requests\":[]} | BATCH | requests",
                "{\"requests\":[{}]} | BATCH | requests[0].content",
                "{\"requests\":[{\"content\":{}}]} | BATCH | requests[0].content.parts",
                "{\"requests\":[{\"content\":{\"parts\":[{\"inlineData\":{}}]}}]} | BATCH |"
                        + " requests[0].content.parts[0]",
                "{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"outputDimensionality\":\"x\"} | ONE"
                        + " | outputDimensionality",
                "{\"requests\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}},{\"taskType\":"
                        + "\"RETRIEVAL_QUERY\",\"content\":{\"parts\":[{\"text\":\"a\"}]}}]} |"
                        + " BATCH | requests[1]"
            })
    void badInputIsNamed(String body, Method method, String param) {
        Failed failed =
                catchThrowableOfType(
                        Failed.class, () -> EmbedBodies.read(body.getBytes(UTF_8), "m", method));
        assertThat(failed.failure().param()).isEqualTo(param);
    }

    /** Whatever comes, it is read or refused. */
    @Test
    void nothingBreaksTheReaders() {
        byte[] good =
                ("{\"requests\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"taskType\":\"x\"}],"
                                + "\"embeddings\":[{\"values\":[1,2]}]}")
                        .getBytes(UTF_8);
        Seeds.each(
                2_000,
                seeds -> {
                    byte[] body = good.clone();
                    for (int i = 0; i <= seeds.upTo(3); i++) {
                        body[seeds.upTo(body.length - 1)] = seeds.bytes(1)[0];
                    }
                    for (Method method : Method.values()) {
                        quietly(() -> EmbedBodies.read(body, "m", method));
                    }
                    quietly(() -> EmbedBodies.withModel(body, "m"));
                    var request = EmbeddingRequest.of("m", List.of(new Input.Text("a")));
                    quietly(() -> BATCH.read(request, name -> null, body));
                    quietly(() -> BATCH.usage(body));
                });
    }

    private static void quietly(Runnable reading) {
        try {
            reading.run();
        } catch (Failed refused) {
            assertThat(refused.failure().message()).isNotEmpty();
        }
    }

    private static @Nullable Method method(Row row) {
        String path = row.path().replaceFirst("\\?.*", "");
        return path.endsWith(":batchEmbedContents")
                ? Method.BATCH
                : path.endsWith(":embedContent") ? Method.ONE : null;
    }
}
