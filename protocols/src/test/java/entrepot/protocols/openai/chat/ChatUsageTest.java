package entrepot.protocols.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.Corpus;
import entrepot.protocols.json.Json;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.util.EnumSet;
import java.util.Map;
import java.util.Random;

class ChatUsageTest {

    @Test
    void r56DetailsArePartsOfTheSums() {
        assertThat(
                        meters(
                                """
                                {"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,
                                "prompt_tokens_details":{"cached_tokens":60,"audio_tokens":5,
                                "cache_write_tokens":10,"image_tokens":1},
                                "completion_tokens_details":{"reasoning_tokens":30,"audio_tokens":2,
                                "accepted_prediction_tokens":4,"rejected_prediction_tokens":1}}\
                                """))
                .isEqualTo(
                        Map.of(
                                Meter.FRESH_INPUT, 24L,
                                Meter.CACHE_READ, 60L,
                                Meter.CACHE_WRITE_5M, 10L,
                                Meter.AUDIO_INPUT, 5L,
                                Meter.IMAGE_INPUT, 1L,
                                Meter.OUTPUT, 18L,
                                Meter.REASONING, 30L,
                                Meter.AUDIO_OUTPUT, 2L));
    }

    @Test
    void r56DeepSeekCountsCacheHitsInThePrompt() {
        assertThat(
                        meters(
                                """
                                {"prompt_tokens":100,"completion_tokens":5,"total_tokens":105,
                                "prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36}\
                                """))
                .isEqualTo(Map.of(Meter.FRESH_INPUT, 36L, Meter.CACHE_READ, 64L, Meter.OUTPUT, 5L));
    }

    @Test
    void r56CachedInputBesideThePromptIsNotTakenOffIt() {
        assertThat(
                        meters(
                                """
                                {"prompt_tokens":10,"completion_tokens":5,"total_tokens":115,
                                "prompt_tokens_details":{"cached_tokens":100}}\
                                """))
                .isEqualTo(
                        Map.of(Meter.FRESH_INPUT, 10L, Meter.CACHE_READ, 100L, Meter.OUTPUT, 5L));
    }

    @Test
    void cachedInputIsNeverMoreThanThePromptItIsPartOf() {
        assertThat(
                        meters(
                                """
                                {"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,
                                "prompt_tokens_details":{"cached_tokens":100}}\
                                """))
                .isEqualTo(Map.of(Meter.CACHE_READ, 10L, Meter.OUTPUT, 5L));
    }

    @Test
    void reasoningMayStandBesideTheCompletion() {
        assertThat(
                        meters(
                                """
                                {"prompt_tokens":10,"completion_tokens":5,"total_tokens":40,
                                "completion_tokens_details":{"reasoning_tokens":25}}\
                                """))
                .isEqualTo(Map.of(Meter.FRESH_INPUT, 10L, Meter.OUTPUT, 5L, Meter.REASONING, 25L));
        assertThat(meters("{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":40}"))
                .isEqualTo(Map.of(Meter.FRESH_INPUT, 10L, Meter.OUTPUT, 5L, Meter.REASONING, 25L));
    }

    @Test
    void r59ATotalSmallerThanItsPartsIsCountedAgain() {
        Usage usage = read("{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":5}");
        assertThat(usage.totalTokens()).isEqualTo(15);
    }

    @Test
    void whatIsNoUsageIsNone() {
        assertThat(read("null")).isEqualTo(Usage.NONE);
        assertThat(read("[]")).isEqualTo(Usage.NONE);
        assertThat(read("{\"prompt_tokens\":-4,\"completion_tokens\":\"7\",\"total_tokens\":null}"))
                .isEqualTo(Usage.NONE);
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        var random = new Random(7);
        for (int i = 0; i < 500; i++) {
            var meters = new java.util.EnumMap<Meter, Long>(Meter.class);
            for (Meter meter : Meter.values()) {
                if (!EnumSet.of(Meter.CACHE_WRITE_1H, Meter.REQUESTS, Meter.IMAGES)
                        .contains(meter)) {
                    meters.put(meter, random.nextBoolean() ? 0L : random.nextLong(1_000_000));
                }
            }
            Usage usage = new Usage(meters, false);
            assertThat(ChatUsage.read(ChatUsage.write(usage))).isEqualTo(usage);
        }
    }

    @Test
    void r56OnEveryRecordedUsageTheMetersAddUpToTheTotal() {
        int count = 0;
        for (Corpus.Row row :
                Corpus.rows(
                        "openai-chat.jsonl",
                        "openai-compatible-chat.jsonl",
                        "azure-openai.jsonl",
                        "openai-chat.responses-only.jsonl",
                        "openai-compatible-chat.responses-only.jsonl")) {
            var payloads = row.isStream() ? row.events() : java.util.List.of(body(row));
            for (String payload : payloads) {
                if (!payload.startsWith("{")) {
                    continue;
                }
                JsonNode usage = Json.read(payload, Cause.INTERNAL).path("usage");
                if (!usage.has("prompt_tokens")) {
                    continue;
                }
                long sum =
                        usage.path("prompt_tokens").asLong(0)
                                + usage.path("completion_tokens").asLong(0);
                long total = Math.max(sum, usage.path("total_tokens").asLong(0));
                assertThat(ChatUsage.read(usage).totalTokens()).as(row.id()).isEqualTo(total);
                count++;
            }
        }
        assertThat(count).isGreaterThan(200);
    }

    private static String body(Corpus.Row row) {
        return new String(row.response(), java.nio.charset.StandardCharsets.UTF_8).strip();
    }

    private static Map<Meter, Long> meters(String usage) {
        return read(usage).meters();
    }

    private static Usage read(String usage) {
        return ChatUsage.read(Json.read(usage, Cause.INTERNAL));
    }
}
