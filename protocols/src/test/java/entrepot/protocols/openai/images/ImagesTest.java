package entrepot.protocols.openai.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.Corpus;
import entrepot.protocols.Corpus.Row;
import entrepot.protocols.json.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.Map;

class ImagesTest {

    private static final String USAGE =
            "\"usage\":{\"total_tokens\":100,\"input_tokens\":30,\"output_tokens\":70,"
                    + "\"input_tokens_details\":{\"text_tokens\":10,\"image_tokens\":20}}";
    private static final byte[] STREAM =
            ("event: image_generation.partial_image\r\ndata: "
                            + "{\"type\":\"image_generation.partial_image\","
                            + "\"b64_json\":\"AA==\"}\r\n\r\n: beat\n\n"
                            + "event: image_generation.completed\ndata: "
                            + "{\"type\":\"image_generation.completed\",\"b64_json\":\"AB==\","
                            + USAGE
                            + "}\n\n")
                    .getBytes(UTF_8);

    @Test
    void everyRecordedRequestPassesAndIsMetered() {
        int count = 0;
        for (Row row : Corpus.rows("openai-other.jsonl")) {
            if (!row.path().endsWith("/images/generations")) {
                continue;
            }
            var envelope = ImageEnvelope.scan(row.request(), null);
            assertThat(envelope.model()).isNotEmpty();
            assertThat(Json.read(envelope.splice("x"), Cause.INTERNAL).path("model").stringValue())
                    .isEqualTo("x");
            if (row.status() == 200) {
                assertThat(new OpenAiImages().usage(row.response()).of(Meter.IMAGES)).isEqualTo(1);
            } else {
                assertThat(
                                new OpenAiImages()
                                        .refusal(row.status(), name -> null, row.response())
                                        .cause())
                        .isEqualTo(Cause.INVALID_REQUEST);
            }
            count++;
        }
        assertThat(count).isGreaterThan(3);
    }

    @Test
    void whoNamesNoModelMeansTheUsualOne() {
        byte[] body = "{\"prompt\":\"a cat\",\"n\":null}".getBytes(UTF_8);
        assertThat(ImageEnvelope.scan(body, null).model()).isEqualTo("dall-e-2");
        assertThat(new String(ImageEnvelope.scan(body, null).splice("m"), UTF_8))
                .isEqualTo("{\"model\":\"m\",\"prompt\":\"a cat\",\"n\":null}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                        | missing_required_parameter | prompt",
                "{\"prompt\":[\"a\"]}                      | invalid_type  | prompt",
                "{\"prompt\":\"a\",\"n\":0}                | invalid_value | n",
                "{\"prompt\":\"a\",\"n\":11}               | invalid_value | n",
                "{\"prompt\":\"a\",\"n\":\"2\"}            | invalid_type  | n",
                "{\"prompt\":\"a\",\"stream\":\"yes\"}     | invalid_type  | stream",
                "{\"prompt\":\"a\",\"partial_images\":4}   | invalid_value | partial_images",
                "{\"prompt\":\"a\",\"model\":1}            | invalid_type  | model"
            })
    void badInputIsNamed(String body, String code, String param) {
        Failed failed =
                catchThrowableOfType(
                        Failed.class, () -> ImageEnvelope.scan(body.getBytes(UTF_8), null));
        assertThat(failed.failure().code()).isEqualTo(code);
        assertThat(failed.failure().param()).isEqualTo(param);
    }

    @Test
    void aPromptIsLimited() {
        byte[] body = ("{\"prompt\":\"" + "a".repeat(32_001) + "\"}").getBytes(UTF_8);
        Failed failed = catchThrowableOfType(Failed.class, () -> ImageEnvelope.scan(body, null));
        assertThat(failed.failure().param()).isEqualTo("prompt");
    }

    @Test
    void tokensAreMeteredByKind() {
        byte[] body = ("{\"data\":[{\"b64_json\":\"AA==\"}]," + USAGE + "}").getBytes(UTF_8);
        assertThat(new OpenAiImages().usage(body)).isEqualTo(usage());
    }

    @Test
    void aStreamCutAnywhereIsMeteredAlike() {
        for (int cut = 0; cut <= STREAM.length; cut++) {
            var meter = new ImageMeter();
            byte[] first = Arrays.copyOf(STREAM, cut);
            byte[] second = Arrays.copyOfRange(STREAM, cut, STREAM.length);
            assertThat(meter.chunk(first)).isSameAs(first);
            assertThat(meter.chunk(second)).isSameAs(second);
            meter.end();
            assertThat(meter.content()).isTrue();
            assertThat(meter.finished()).isTrue();
            assertThat(meter.usageReported()).isTrue();
            assertThat(meter.usage()).as("cut at %d", cut).isEqualTo(usage());
        }
    }

    @Test
    void anErrorInAStreamIsSeen() {
        var meter = new ImageMeter();
        meter.chunk(
                ("event: error\ndata: {\"type\":\"error\",\"error\":{\"code\":"
                                + "\"content_policy_x\",\"message\":\"no\"}}\n\n")
                        .getBytes(UTF_8));
        Failure failure = meter.failure();
        assertThat(failure).isNotNull();
        assertThat(failure.cause()).isEqualTo(Cause.CONTENT_FILTERED);
        assertThat(meter.content()).isFalse();
    }

    private static Usage usage() {
        return new Usage(
                Map.of(Meter.FRESH_INPUT, 10L, Meter.IMAGE_INPUT, 20L, Meter.IMAGE_OUTPUT, 70L),
                false);
    }
}
