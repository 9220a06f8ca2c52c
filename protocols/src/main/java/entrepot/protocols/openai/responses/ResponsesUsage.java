package entrepot.protocols.openai.responses;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.EnumMap;
import java.util.Map;

/**
 * The usage object of Responses, to and from disjoint meters (openapi.yaml, ResponseUsage).
 *
 * <p>The details are parts of the two sums. Where a compatible server counts reasoning beside them
 * the total tells, and the meters always add up to it. A total that is smaller than its own parts
 * is wrong (R59) and is counted again from them.
 */
public final class ResponsesUsage {

    private ResponsesUsage() {}

    /** Reads a usage object; anything else is {@link Usage#NONE}. */
    public static Usage read(JsonNode usage) {
        if (!usage.isObject()) {
            return Usage.NONE;
        }
        JsonNode inputs = usage.path("input_tokens_details");
        JsonNode outputs = usage.path("output_tokens_details");
        long input = count(usage, "input_tokens");
        long output = count(usage, "output_tokens");
        long reasoning = count(outputs, "reasoning_tokens");
        long beside = Math.max(0, count(usage, "total_tokens") - input - output);
        output += beside;
        reasoning = reasoning == 0 ? beside : reasoning;

        var meters = new EnumMap<Meter, Long>(Meter.class);
        long left = input;
        left -= put(meters, Meter.CACHE_READ, count(inputs, "cached_tokens"), left);
        left -= put(meters, Meter.CACHE_WRITE_5M, count(inputs, "cache_write_tokens"), left);
        left -= put(meters, Meter.AUDIO_INPUT, count(inputs, "audio_tokens"), left);
        left -= put(meters, Meter.IMAGE_INPUT, count(inputs, "image_tokens"), left);
        put(meters, Meter.FRESH_INPUT, left, left);
        left = output;
        left -= put(meters, Meter.REASONING, reasoning, left);
        left -= put(meters, Meter.AUDIO_OUTPUT, count(outputs, "audio_tokens"), left);
        put(meters, Meter.OUTPUT, left, left);
        return new Usage(meters, false);
    }

    /** Reads the usage of a response, and the tier that stands beside it. */
    public static Usage of(JsonNode response) {
        String tier = response.path("service_tier").asString("");
        // The word auto only repeats that nothing was chosen.
        return read(response.path("usage")).withTier(tier.equals("auto") ? "" : tier);
    }

    /** Writes meters as OpenAI does. */
    public static ObjectNode write(Usage usage) {
        ObjectNode node = Json.object().put("input_tokens", usage.inputTokens());
        ObjectNode inputs =
                node.putObject("input_tokens_details")
                        .put("cached_tokens", usage.of(Meter.CACHE_READ));
        long written = usage.of(Meter.CACHE_WRITE_5M) + usage.of(Meter.CACHE_WRITE_1H);
        unlessZero(inputs, "cache_write_tokens", written);
        unlessZero(inputs, "audio_tokens", usage.of(Meter.AUDIO_INPUT));
        unlessZero(inputs, "image_tokens", usage.of(Meter.IMAGE_INPUT));
        node.put("output_tokens", usage.outputTokens());
        ObjectNode outputs =
                node.putObject("output_tokens_details")
                        .put("reasoning_tokens", usage.of(Meter.REASONING));
        unlessZero(outputs, "audio_tokens", usage.of(Meter.AUDIO_OUTPUT));
        return node.put("total_tokens", usage.totalTokens());
    }

    private static void unlessZero(ObjectNode node, String name, long count) {
        if (count > 0) {
            node.put(name, count);
        }
    }

    /** Puts at most what is left, so that no part is larger than its sum. */
    private static long put(Map<Meter, Long> meters, Meter meter, long count, long left) {
        long fits = Math.min(count, left);
        meters.put(meter, fits);
        return fits;
    }

    private static long count(JsonNode node, String name) {
        JsonNode count = node.path(name);
        return count.isNumber() && count.canConvertToLong() ? Math.max(0, count.asLong(0)) : 0;
    }
}
