package entrepot.protocols.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.EmbeddingDialect;
import entrepot.protocols.bedrock.embeddings.BedrockEmbeddings;
import entrepot.protocols.google.embeddings.EmbedBodies;
import entrepot.protocols.google.embeddings.GoogleEmbeddings;
import entrepot.protocols.google.gemini.GeminiCounts;
import entrepot.protocols.openai.embeddings.EmbeddingBodies;
import entrepot.protocols.openai.embeddings.EmbeddingEnvelope;
import entrepot.protocols.openai.embeddings.OpenAiEmbeddings;
import entrepot.protocols.openai.images.ImageEnvelope;
import entrepot.protocols.openai.images.OpenAiImages;
import entrepot.testkit.Mutations;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Spoilt bodies of embeddings, images and counts: understood, or refused as declared. */
class OtherBodiesFuzzTest {

    private static final int TIMES = 1_000;

    private static final List<byte[]> REQUESTS =
            List.of(
                    utf8(
                            "{\"model\":\"m\",\"input\":[\"a\",\"b\"],\"dimensions\":8,"
                                    + "\"encoding_format\":\"base64\",\"user\":null}"),
                    utf8("{\"model\":\"m\",\"input\":[[1,2],[3]],\"encoding_format\":null}"),
                    utf8(
                            "{\"model\":\"m\",\"prompt\":\"a cat\",\"n\":1,\"size\":\"auto\","
                                    + "\"stream\":true,\"partial_images\":2}"),
                    utf8(
                            "{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"taskType\":"
                                    + "\"RETRIEVAL_QUERY\",\"outputDimensionality\":8}"),
                    utf8(
                            "{\"requests\":[{\"model\":\"models/m\",\"content\":{\"parts\":"
                                    + "[{\"text\":\"a\"}]}}]}"),
                    utf8("{\"contents\":[{\"parts\":[{\"text\":\"a\"}]}]}"));

    private static final List<byte[]> ANSWERS =
            List.of(
                    utf8(
                            "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,"
                                    + "\"embedding\":[0.1,-2e-3]}],\"model\":\"m\",\"usage\":"
                                    + "{\"prompt_tokens\":2,\"total_tokens\":2}}"),
                    utf8(
                            "{\"embedding\":{\"values\":[0.1,0.2]},\"inputTextTokenCount\":2,"
                                    + "\"embeddings\":[[1,2]]}"),
                    utf8("{\"embeddings\":[{\"values\":[0.1]}],\"totalTokens\":3}"),
                    utf8(
                            "{\"created\":1,\"data\":[{\"b64_json\":\"AAAA\"}],\"usage\":"
                                    + "{\"input_tokens\":1,\"output_tokens\":2,\"total_tokens\":3,"
                                    + "\"input_tokens_details\":{\"text_tokens\":1}}}"));

    @Test
    void aSpoiltRequestIsUnderstoodOrRefused() {
        Seeds.each(
                TIMES,
                seeds -> {
                    byte[] body = Mutations.of(seeds.pick(REQUESTS), seeds);
                    refused(() -> EmbeddingEnvelope.scan(body, "m"));
                    refused(() -> ImageEnvelope.scan(body, null));
                    refused(() -> GeminiCounts.read(body, "m"));
                    refused(() -> EmbeddingBodies.write(EmbeddingBodies.read(body)));
                    for (EmbedBodies.Method method : EmbedBodies.Method.values()) {
                        refused(() -> EmbedBodies.read(body, "m", method));
                    }
                });
    }

    @Test
    void aSpoiltAnswerIsUnderstoodOrASuppliersFailure() {
        List<EmbeddingDialect> dialects =
                List.of(
                        new OpenAiEmbeddings(),
                        new GoogleEmbeddings(EmbedBodies.Method.ONE),
                        new BedrockEmbeddings());
        var request = EmbeddingBodies.read(REQUESTS.getFirst());
        var images = new OpenAiImages();
        Seeds.each(
                TIMES,
                seeds -> {
                    byte[] body = Mutations.of(seeds.pick(ANSWERS), seeds);
                    for (EmbeddingDialect dialect : dialects) {
                        failed(() -> dialect.read(request, _ -> null, body));
                        failed(() -> dialect.usage(body));
                        assertThat(dialect.refusal(400, _ -> null, body).message()).isNotBlank();
                    }
                    failed(() -> images.usage(body));
                    failed(() -> new GeminiCounts(false).read(body));
                    var meter = images.meter(false);
                    meter.chunk(utf8("data: "));
                    seeds.split(body, 3).forEach(meter::chunk);
                    meter.chunk(utf8("\n\n"));
                    meter.end();
                    assertThat(meter.usage().totalTokens()).isNotNegative();
                });
    }

    private static void refused(Runnable reading) {
        try {
            reading.run();
        } catch (Failed refused) {
            assertThat(refused.failure().cause())
                    .isIn(Cause.INVALID_REQUEST, Cause.TOO_LARGE, Cause.UNSUPPORTED);
        }
    }

    private static void failed(Runnable reading) {
        try {
            reading.run();
        } catch (Failed failed) {
            assertThat(failed.failure().cause()).isNotEqualTo(Cause.INTERNAL);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
