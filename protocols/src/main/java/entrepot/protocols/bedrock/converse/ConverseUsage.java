package entrepot.protocols.bedrock.converse;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.EnumMap;

/**
 * The usage object of Converse, to and from disjoint meters (TokenUsage). Input that was read from
 * or written to the cache is counted beside {@code inputTokens}; the total is the sum of all.
 */
public final class ConverseUsage {

    private ConverseUsage() {}

    /** Reads a usage object; anything else is {@link Usage#NONE}. */
    public static Usage read(JsonNode usage) {
        if (!usage.isObject()) {
            return Usage.NONE;
        }
        var meters = new EnumMap<Meter, Long>(Meter.class);
        long input = count(usage, "inputTokens");
        long output = count(usage, "outputTokens");
        long read =
                Math.max(
                        count(usage, "cacheReadInputTokens"),
                        count(usage, "cacheReadInputTokenCount"));
        long written =
                Math.max(
                        count(usage, "cacheWriteInputTokens"),
                        count(usage, "cacheWriteInputTokenCount"));
        long hour = 0;
        for (JsonNode detail : usage.path("cacheDetails")) {
            if (detail.path("ttl").asString("").equals("1h")) {
                hour += count(detail, "inputTokens");
            }
        }
        hour = Math.min(hour, written);
        meters.put(Meter.FRESH_INPUT, input);
        meters.put(Meter.CACHE_READ, read);
        meters.put(Meter.CACHE_WRITE_1H, hour);
        meters.put(Meter.CACHE_WRITE_5M, written - hour);
        meters.put(Meter.OUTPUT, output);
        return new Usage(meters, false);
    }

    /** Reads the usage of an answer or of a stream's metadata, and the tier beside it. */
    public static Usage of(JsonNode told) {
        String tier = told.path("serviceTier").path("type").asString("");
        boolean optimized =
                told.path("performanceConfig").path("latency").asString("").equals("optimized");
        return read(told.path("usage")).withTier(optimized ? "optimized" : tier);
    }

    /** Writes meters as Bedrock does. */
    public static ObjectNode write(Usage usage) {
        long read = usage.of(Meter.CACHE_READ);
        long minutes = usage.of(Meter.CACHE_WRITE_5M);
        long hour = usage.of(Meter.CACHE_WRITE_1H);
        ObjectNode node =
                Json.object()
                        .put("inputTokens", usage.inputTokens() - read - minutes - hour)
                        .put("outputTokens", usage.outputTokens())
                        .put("totalTokens", usage.totalTokens());
        if (read > 0 || minutes + hour > 0) {
            node.put("cacheReadInputTokens", read);
            node.put("cacheWriteInputTokens", minutes + hour);
        }
        if (hour > 0) {
            ArrayNode details = node.putArray("cacheDetails");
            details.addObject().put("ttl", "1h").put("inputTokens", hour);
            if (minutes > 0) {
                details.addObject().put("ttl", "5m").put("inputTokens", minutes);
            }
        }
        return node;
    }

    private static long count(JsonNode node, String name) {
        JsonNode count = node.path(name);
        return count.isIntegralNumber() && count.canConvertToLong()
                ? Math.max(0, count.longValue())
                : 0;
    }
}
