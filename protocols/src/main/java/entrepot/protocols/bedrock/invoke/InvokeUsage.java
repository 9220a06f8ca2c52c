package entrepot.protocols.bedrock.invoke;

import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.Header;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.EnumMap;
import java.util.Map;

/** What makers' bodies tell of usage, each under names of its own, and what Bedrock adds. */
public final class InvokeUsage {

    private static final String INPUT = "x-amzn-bedrock-input-token-count";
    private static final String OUTPUT = "x-amzn-bedrock-output-token-count";
    private static final String LATENCY = "x-amzn-bedrock-invocation-latency";

    private InvokeUsage() {}

    /** Reads Bedrock's own metrics, which count cached input apart. */
    public static Usage ofMetrics(JsonNode metrics) {
        var meters = new EnumMap<Meter, Long>(Meter.class);
        put(meters, Meter.FRESH_INPUT, metrics, "inputTokenCount");
        put(meters, Meter.CACHE_READ, metrics, "cacheReadInputTokenCount");
        put(meters, Meter.CACHE_WRITE_5M, metrics, "cacheWriteInputTokenCount");
        put(meters, Meter.OUTPUT, metrics, "outputTokenCount");
        return new Usage(meters, false);
    }

    /** What Bedrock counts in the headers of a whole answer; null when it does not. */
    public static @Nullable Usage ofHeaders(Header header) {
        var meters = new EnumMap<Meter, Long>(Meter.class);
        put(meters, Meter.FRESH_INPUT, header.get(INPUT));
        put(meters, Meter.OUTPUT, header.get(OUTPUT));
        return meters.isEmpty() ? null : new Usage(meters, false);
    }

    private static void put(Map<Meter, Long> meters, Meter meter, @Nullable String count) {
        if (count != null && count.matches("[0-9]{1,12}")) {
            meters.put(meter, Long.parseLong(count));
        }
    }

    /** The same for a caller: the one place where some makers' answers are counted. */
    public static Map<String, String> headers(Usage usage, long latencyMillis) {
        return Map.of(
                INPUT, Long.toString(usage.inputTokens()),
                OUTPUT, Long.toString(usage.outputTokens()),
                LATENCY, Long.toString(Math.max(0, latencyMillis)));
    }

    /** The usage of bytes that are an answer; null where they tell none. */
    public static @Nullable Usage ofAnswer(byte[] body) {
        return Json.read(body, Cause.SUPPLIER_FAILED) instanceof ObjectNode answer
                ? ofAnswer(answer)
                : null;
    }

    /** The usage of a whole answer in a maker's own form; null where it tells none. */
    public static @Nullable Usage ofAnswer(ObjectNode answer) {
        JsonNode usage = answer.path("usage");
        String tier = usage.path("service_tier").asString("");
        var meters = new EnumMap<Meter, Long>(Meter.class);
        if (usage.has("input_tokens")) {
            anthropic(usage, meters);
        } else if (usage.has("inputTokens")) {
            put(meters, Meter.FRESH_INPUT, usage, "inputTokens");
            put(meters, Meter.CACHE_READ, usage, "cacheReadInputTokenCount");
            put(meters, Meter.CACHE_WRITE_5M, usage, "cacheWriteInputTokenCount");
            put(meters, Meter.OUTPUT, usage, "outputTokens");
        } else if (usage.has("prompt_tokens")) {
            put(meters, Meter.FRESH_INPUT, usage, "prompt_tokens");
            put(meters, Meter.OUTPUT, usage, "completion_tokens");
        } else if (answer.has("generation_token_count")) {
            put(meters, Meter.FRESH_INPUT, answer, "prompt_token_count");
            put(meters, Meter.OUTPUT, answer, "generation_token_count");
        } else if (answer.has("inputTextTokenCount")) {
            put(meters, Meter.FRESH_INPUT, answer, "inputTextTokenCount");
            long output = 0;
            for (JsonNode result : answer.path("results")) {
                output += count(result, "tokenCount");
            }
            meters.put(Meter.OUTPUT, output);
        } else {
            return null;
        }
        return new Usage(meters, false).withTier(tier);
    }

    private static void anthropic(JsonNode usage, Map<Meter, Long> meters) {
        JsonNode created = usage.path("cache_creation");
        long written = count(usage, "cache_creation_input_tokens");
        long hour = Math.min(written, count(created, "ephemeral_1h_input_tokens"));
        put(meters, Meter.FRESH_INPUT, usage, "input_tokens");
        put(meters, Meter.CACHE_READ, usage, "cache_read_input_tokens");
        meters.put(Meter.CACHE_WRITE_1H, hour);
        meters.put(Meter.CACHE_WRITE_5M, written - hour);
        put(meters, Meter.OUTPUT, usage, "output_tokens");
    }

    private static void put(Map<Meter, Long> meters, Meter meter, JsonNode node, String name) {
        meters.put(meter, count(node, name));
    }

    /** Some makers' numbers come as decimals: 28.0. */
    private static long count(JsonNode node, String name) {
        JsonNode count = node.path(name);
        return count.isNumber() && count.canConvertToLong()
                ? Math.max(0, count.decimalValue().longValue())
                : 0;
    }
}
