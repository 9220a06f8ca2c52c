package entrepot.protocols.google.gemini;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.EnumMap;
import java.util.Map;

/**
 * {@code usageMetadata}, to and from disjoint meters (generative_service.proto, UsageMetadata).
 *
 * <p>The prompt includes what was read from a cache; thoughts and what tools added to the prompt
 * stand beside it. A total that is larger than its parts holds thoughts that nobody counted apart,
 * or else input; one that is smaller is wrong and is counted again (R59).
 */
public final class GeminiUsage {

    private GeminiUsage() {}

    /** Reads a usage object; anything else is {@link Usage#NONE}. */
    public static Usage read(JsonNode usage) {
        if (!usage.isObject()) {
            return Usage.NONE;
        }
        long prompt = count(usage, "promptTokenCount");
        long input = prompt + count(usage, "toolUsePromptTokenCount");
        long output = count(usage, "candidatesTokenCount");
        long thoughts = count(usage, "thoughtsTokenCount");
        long beside = Math.max(0, count(usage, "totalTokenCount") - input - output - thoughts);
        if (thoughts == 0) {
            thoughts = beside;
        } else {
            input += beside;
        }
        var meters = new EnumMap<Meter, Long>(Meter.class);
        JsonNode prompts = usage.path("promptTokensDetails");
        JsonNode cached = usage.path("cacheTokensDetails");
        long left = input;
        left -= put(meters, Meter.CACHE_READ, count(usage, "cachedContentTokenCount"), left);
        left -= put(meters, Meter.AUDIO_INPUT, fresh(prompts, cached, "AUDIO", 4), left);
        left -= put(meters, Meter.IMAGE_INPUT, fresh(prompts, cached, "IMAGE", 2), left);
        put(meters, Meter.FRESH_INPUT, left, left);
        JsonNode candidates = usage.path("candidatesTokensDetails");
        left = output;
        left -= put(meters, Meter.AUDIO_OUTPUT, of(candidates, "AUDIO", 4), left);
        left -= put(meters, Meter.IMAGE_OUTPUT, of(candidates, "IMAGE", 2), left);
        put(meters, Meter.OUTPUT, left, left);
        meters.put(Meter.REASONING, thoughts);
        return new Usage(meters, false).withTier(tier(usage));
    }

    /** The developer interface names the tier, Vertex the kind of traffic. */
    private static String tier(JsonNode usage) {
        String tier = usage.path("serviceTier").asString("");
        JsonNode traffic = usage.path("trafficType");
        if (traffic.isNumber()) {
            // Some clients of gRPC say it by its number.
            return traffic.asInt(0) == 2 ? "PROVISIONED_THROUGHPUT" : "";
        }
        return tier.isEmpty() ? traffic.asString("") : tier;
    }

    /** Writes meters as Google does. */
    public static ObjectNode write(Usage usage) {
        long audio = usage.of(Meter.AUDIO_INPUT);
        long image = usage.of(Meter.IMAGE_INPUT);
        long output = usage.outputTokens() - usage.of(Meter.REASONING);
        ObjectNode node = Json.object().put("promptTokenCount", usage.inputTokens());
        if (usage.of(Meter.CACHE_READ) > 0) {
            node.put("cachedContentTokenCount", usage.of(Meter.CACHE_READ));
        }
        node.put("candidatesTokenCount", output);
        if (usage.of(Meter.REASONING) > 0) {
            node.put("thoughtsTokenCount", usage.of(Meter.REASONING));
        }
        node.put("totalTokenCount", usage.totalTokens());
        ArrayNode prompts = node.putArray("promptTokensDetails");
        detail(prompts, "TEXT", usage.inputTokens() - audio - image);
        detail(prompts, "AUDIO", audio);
        detail(prompts, "IMAGE", image);
        if (output > usage.of(Meter.OUTPUT)) {
            ArrayNode candidates = node.putArray("candidatesTokensDetails");
            detail(candidates, "TEXT", usage.of(Meter.OUTPUT));
            detail(candidates, "AUDIO", usage.of(Meter.AUDIO_OUTPUT));
            detail(candidates, "IMAGE", usage.of(Meter.IMAGE_OUTPUT));
        }
        return node;
    }

    private static void detail(ArrayNode details, String modality, long count) {
        if (count > 0) {
            details.addObject().put("modality", modality).put("tokenCount", count);
        }
    }

    private static long fresh(JsonNode prompts, JsonNode cached, String modality, int number) {
        return Math.max(0, of(prompts, modality, number) - of(cached, modality, number));
    }

    /** The count of one modality, which may be said by its number. */
    private static long of(JsonNode details, String modality, int number) {
        long count = 0;
        for (JsonNode detail : details) {
            JsonNode kind = detail.path("modality");
            if (kind.isNumber() ? kind.asInt(0) == number : kind.asString("").equals(modality)) {
                count += count(detail, "tokenCount");
            }
        }
        return count;
    }

    /** Puts at most what is left, so that no part is larger than its sum. */
    private static long put(Map<Meter, Long> meters, Meter meter, long count, long left) {
        long fits = Math.min(count, left);
        meters.put(meter, fits);
        return fits;
    }

    private static long count(JsonNode node, String name) {
        JsonNode count = node.path(name);
        return count.isNumber() && count.canConvertToInt() ? Math.max(0, count.asInt(0)) : 0;
    }
}
