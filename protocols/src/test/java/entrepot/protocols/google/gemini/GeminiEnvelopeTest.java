package entrepot.protocols.google.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;

import org.junit.jupiter.api.Test;

import java.util.Map;

/** What routing and money know of a body, and of what an answer used. */
class GeminiEnvelopeTest {

    @Test
    void whatMoneyNeedsIsRead() {
        var envelope =
                scan(
                        "{\"contents\":{},\"generation_config\":{\"max_output_tokens\":\"77\","
                                + "\"candidateCount\":3,\"x\":[{}]},\"model\":\"models/a\"}");
        assertThat(envelope.outputTokensMax()).isEqualTo(77);
        assertThat(envelope.choices()).isEqualTo(3);
        assertThat(new String(envelope.splice("b"), UTF_8)).endsWith("\"model\":\"models/b\"}");
        assertThat(scan("{\"contents\":[]}").outputTokensMax()).isNull();
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThat(refused("[]").param()).isNull();
        assertThat(refused("{}").param()).isEqualTo("contents");
        assertThat(refused("{\"contents\":7}").param()).isEqualTo("contents");
        assertThat(refused("{\"contents\":[]} 7").code()).isEqualTo("invalid_json");
        assertThat(refused("{\"contents\":[],\"contents\":[]}").code())
                .isEqualTo("duplicate_parameter");
        assertThat(
                        refused(
                                        "{\"contents\":[],\"generationConfig\":{},"
                                                + "\"generation_config\":{}}")
                                .code())
                .isEqualTo("duplicate_parameter");
        assertThat(refused("{\"contents\":[],\"model\":1}").param()).isEqualTo("model");
        for (String count : new String[] {"1.5", "-1", "\"x\"", "9999999999", "[]", "true"}) {
            String body =
                    "{\"contents\":[],\"generationConfig\":{\"maxOutputTokens\":" + count + "}}";
            assertThat(refused(body).param()).isEqualTo("generationConfig.maxOutputTokens");
        }
    }

    @Test
    void r56MetersAreDisjointAndAddUpToTheTotal() {
        assertThat(
                        usage(
                                "{\"promptTokenCount\":100,\"cachedContentTokenCount\":40,"
                                        + "\"promptTokensDetails\":[{\"modality\":\"AUDIO\","
                                        + "\"tokenCount\":30},{\"modality\":2,\"tokenCount\":5}],"
                                        + "\"cacheTokensDetails\":[{\"modality\":\"AUDIO\","
                                        + "\"tokenCount\":10}],\"toolUsePromptTokenCount\":7,"
                                        + "\"candidatesTokenCount\":20,\"thoughtsTokenCount\":9,"
                                        + "\"totalTokenCount\":136}"))
                .isEqualTo(
                        new Usage(
                                Map.of(
                                        Meter.CACHE_READ, 40L,
                                        Meter.AUDIO_INPUT, 20L,
                                        Meter.IMAGE_INPUT, 5L,
                                        Meter.FRESH_INPUT, 42L,
                                        Meter.OUTPUT, 20L,
                                        Meter.REASONING, 9L),
                                false));
        assertThat(
                        usage(
                                "{\"promptTokenCount\":10,\"candidatesTokenCount\":5,"
                                        + "\"totalTokenCount\":40}"))
                .as("thoughts that stand in the total alone")
                .isEqualTo(
                        new Usage(
                                Map.of(
                                        Meter.FRESH_INPUT, 10L,
                                        Meter.OUTPUT, 5L,
                                        Meter.REASONING, 25L),
                                false));
        assertThat(usage("{\"promptTokenCount\":17,\"totalTokenCount\":3}").totalTokens())
                .as("R59")
                .isEqualTo(17);
    }

    private static Usage usage(String text) {
        Usage usage = GeminiUsage.read(GeminiCorpusTest.parse(text));
        Usage again = GeminiUsage.read(GeminiUsage.write(usage));
        assertThat(again).isEqualTo(usage);
        return usage;
    }

    private static GeminiEnvelope scan(String body) {
        return GeminiEnvelope.scan(body.getBytes(UTF_8));
    }

    private static Failure refused(String body) {
        Failure failure = catchThrowableOfType(Failed.class, () -> scan(body)).failure();
        assertThat(failure.cause()).isEqualTo(Cause.INVALID_REQUEST);
        return failure;
    }
}
