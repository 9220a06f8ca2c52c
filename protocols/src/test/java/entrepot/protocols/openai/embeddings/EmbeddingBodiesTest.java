package entrepot.protocols.openai.embeddings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Usage;
import entrepot.conversation.embedding.EmbeddingRequest;
import entrepot.conversation.embedding.EmbeddingRequest.Encoding;
import entrepot.conversation.embedding.EmbeddingRequest.Input;
import entrepot.conversation.embedding.EmbeddingRequest.Purpose;
import entrepot.conversation.embedding.Embeddings;
import entrepot.conversation.embedding.Vector;
import entrepot.protocols.json.Json;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class EmbeddingBodiesTest {

    /** R40: what is null stays null, and what is absent stays absent. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"m\",\"input\":\"a\",\"encoding_format\":null}",
                "{\"model\":\"m\",\"input\":\"a\"}",
                "{ \"input\" : [ \"a\" ] , \"model\":\"m\",\"dimensions\":null, \"x\":"
                        + " {\"y\":1.10}}",
                "{\"model\":\"m\",\"input\":[1,2,3]}",
                "{\"model\":\"m\",\"input\":[[1,2],[3]],\"user\":\"u\"}",
                "{\"model\":\"m\",\"input\":[\"a\"],\"input_type\":\"query\",\"truncation\":false}"
            })
    void r40AbsentIsNotNull(String text) {
        byte[] body = text.getBytes(UTF_8);
        assertThat(EmbeddingEnvelope.scan(body, null).splice("m")).isSameAs(body);
        assertThat(new String(EmbeddingEnvelope.scan(body, null).splice("n"), UTF_8))
                .isEqualTo(text.replace("\"model\":\"m\"", "\"model\":\"n\""));
        assertThat(Json.read(EmbeddingBodies.write(EmbeddingBodies.read(body)), Cause.INTERNAL))
                .isEqualTo(Json.read(body, Cause.INTERNAL));
    }

    /** R92: what is not understood is refused, with its place. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | |",
                "{\"model\":\"m\"} |" + " missing_required_parameter | input",
                "{\"input\":\"a\"} |" + " missing_required_parameter | model",
                "{\"model\":null,\"input\":\"a\"} |" + " missing_required_parameter | model",
                "{\"model\":7,\"input\":\"a\"} | invalid_type | model",
                "{\"model\":\"m\",\"input\":\"\"} | empty_string | input",
                "{\"model\":\"m\",\"input\":[\"a\",\"\"]} | empty_string | input[1]",
                "{\"model\":\"m\",\"input\":[]} | empty_array | input",
                "{\"model\":\"m\",\"input\":[[1],[]]} | empty_array | input[1]",
                "{\"model\":\"m\",\"input\":[\"a\",1]} | invalid_type | input[1]",
                "{\"model\":\"m\",\"input\":[1,\"a\"]} | invalid_type | input[1]",
                "{\"model\":\"m\",\"input\":[[1,null]]} | invalid_type |" + " input[0][1]",
                "{\"model\":\"m\",\"input\":[[1,-2]]} | invalid_value |" + " input[0][1]",
                "{\"model\":\"m\",\"input\":[{\"text\":\"a\"}]} | invalid_type | input[0]",
                "{\"model\":\"m\",\"input\":null} | invalid_type | input",
                "{\"model\":\"m\",\"input\":\"a\",\"dimensions\":0} | invalid_value |"
                        + " dimensions",
                "{\"model\":\"m\",\"input\":\"a\",\"dimensions\":1.5} | invalid_type |"
                        + " dimensions",
                "{\"model\":\"m\",\"input\":\"a\",\"encoding_format\":\"hex\"} | invalid_value |"
                        + " encoding_format",
                "{\"model\":\"m\",\"input\":\"a\",\"input\":\"b\"} | invalid_json | input",
                "{\"model\":\"m\",\"input\":\"a\",\"stream\":true} | invalid_value | stream",
                "{\"model\":\"m\",\"input\":\"a\"} {} | invalid_json |"
            })
    void badInputIsNamed(String body, String code, String param) {
        Failed failed =
                catchThrowableOfType(
                        Failed.class, () -> EmbeddingEnvelope.scan(body.getBytes(UTF_8), null));
        assertThat(failed.failure().cause()).isEqualTo(Cause.INVALID_REQUEST);
        assertThat(failed.failure().code()).isEqualTo(code);
        assertThat(failed.failure().param()).isEqualTo(param);
    }

    @Test
    void inputsAreLimited() {
        String most =
                IntStream.range(0, EmbeddingEnvelope.INPUTS_MAX)
                        .mapToObj(i -> "\"a\"")
                        .collect(Collectors.joining(","));
        String body = "{\"model\":\"m\",\"input\":[%s]}";
        assertThat(EmbeddingEnvelope.scan(body.formatted(most).getBytes(UTF_8), null).model())
                .isEqualTo("m");
        Failed failed =
                catchThrowableOfType(
                        Failed.class,
                        () ->
                                EmbeddingEnvelope.scan(
                                        body.formatted(most + ",\"b\"").getBytes(UTF_8), null));
        assertThat(failed.failure().code()).isEqualTo("array_above_max_length");
    }

    @Test
    void theAddressMayNameTheModel() {
        byte[] body = "{\"input\":\"a\"}".getBytes(UTF_8);
        var envelope = EmbeddingEnvelope.scan(body, "dep");
        assertThat(envelope.model()).isEqualTo("dep");
        assertThat(new String(envelope.splice("up"), UTF_8))
                .isEqualTo("{\"model\":\"up\",\"input\":\"a\"}");
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        Seeds.each(
                300,
                seeds -> {
                    EmbeddingRequest request = request(seeds);
                    assertThat(EmbeddingBodies.read(EmbeddingBodies.write(request)))
                            .isEqualTo(request);
                    EmbeddingEnvelope.scan(EmbeddingBodies.write(request), null);
                    var answer =
                            new Embeddings(
                                    "m",
                                    List.of(vector(seeds), vector(seeds)),
                                    Usage.NONE,
                                    Extras.NONE);
                    for (Encoding encoding : Encoding.values()) {
                        byte[] told = EmbeddingBodies.write(answer, encoding);
                        assertThat(EmbeddingBodies.readAnswer(Json.read(told, Cause.INTERNAL)))
                                .isEqualTo(answer);
                    }
                });
    }

    /** Whatever comes, it is read or refused. */
    @Test
    void nothingBreaksTheReaders() {
        byte[] good =
                "{\"model\":\"m\",\"input\":[[1,2],[3]],\"dimensions\":2,\"encoding_format\":null}"
                        .getBytes(UTF_8);
        Seeds.each(
                2_000,
                seeds -> {
                    byte[] body = good.clone();
                    for (int i = 0; i <= seeds.upTo(3); i++) {
                        body[seeds.upTo(body.length - 1)] = seeds.bytes(1)[0];
                    }
                    quietly(() -> EmbeddingEnvelope.scan(body, null).splice("x"));
                    quietly(() -> EmbeddingBodies.read(body));
                    quietly(() -> new OpenAiEmbeddings().usage(body));
                    byte[] json = Json.write(seeds.json(4));
                    quietly(() -> EmbeddingBodies.read(json));
                    quietly(() ->
                            EmbeddingBodies.readAnswer(Json.read(json, Cause.SUPPLIER_FAILED)));
                });
    }

    @Test
    void whatOnlyOthersSayIsWeighed() {
        var request =
                new EmbeddingRequest(
                        "m",
                        List.of(new Input.Text("a")),
                        false,
                        null,
                        null,
                        Purpose.QUERY,
                        new Extras("google.embeddings", Map.of("odd", Json.object().put("x", 1))));
        assertThat(new OpenAiEmbeddings().losses(request))
                .extracting(Loss::path, Loss::weight)
                .containsExactlyInAnyOrder(
                        tuple("odd", Loss.Weight.MEANING), tuple("purpose", Loss.Weight.HINT));
    }

    private static void quietly(Runnable reading) {
        try {
            reading.run();
        } catch (Failed refused) {
            assertThat(refused.failure().message()).isNotEmpty();
        }
    }

    private static Vector vector(Seeds seeds) {
        float[] values = new float[1 + seeds.upTo(4)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (seeds.random().nextFloat() - 0.5f) / (1 << seeds.upTo(20));
        }
        return Vector.of(values);
    }

    private static EmbeddingRequest request(Seeds seeds) {
        var inputs = new ArrayList<Input>();
        boolean tokens = seeds.oneIn(2);
        for (int i = 0; i <= seeds.upTo(3); i++) {
            inputs.add(
                    tokens
                            ? new Input.Tokens(List.of(seeds.upTo(50_000), seeds.upTo(9)))
                            : new Input.Text("x" + seeds.text(3)));
        }
        return new EmbeddingRequest(
                seeds.word() + "m",
                inputs,
                inputs.size() == 1 && seeds.oneIn(2),
                seeds.oneIn(2) ? null : Integer.valueOf(1 + seeds.upTo(3_000)),
                seeds.oneIn(2) ? null : seeds.pick(List.of(Encoding.values())),
                null,
                Extras.NONE);
    }
}
