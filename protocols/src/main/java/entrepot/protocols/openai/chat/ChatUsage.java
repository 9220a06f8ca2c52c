package entrepot.protocols.openai.chat;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.EnumMap;
import java.util.Map;

/**
 * The usage object of chat, to and from disjoint meters (openapi.yaml, CompletionUsage).
 *
 * <p>At OpenAI the details are parts of the two sums. Others report reasoning or cached tokens
 * beside them: the total tells, and the meters always add up to it. A total that is smaller than
 * its own parts is wrong (R59) and is counted again from them.
 */
public final class ChatUsage {

    private ChatUsage() {}

    /** Reads a usage object; anything else is {@link Usage#NONE}. */
    public static Usage read(JsonNode usage) {
        if (!usage.isObject()) {
            return Usage.NONE;
        }
        JsonNode prompt = usage.path("prompt_tokens_details");
        JsonNode completion = usage.path("completion_tokens_details");
        long input = count(usage, "prompt_tokens");
        long output = count(usage, "completion_tokens");
        long cached = first(prompt, "cached_tokens", usage, "prompt_cache_hit_tokens");
        cached = cached == 0 ? count(usage, "cached_tokens") : cached;
        long reasoning = first(completion, "reasoning_tokens", usage, "reasoning_tokens");
        long beside = Math.max(0, count(usage, "total_tokens") - input - output);

        // DeepSeek and OpenAI count cached input in the prompt; a few count it beside.
        if (beside > 0 && cached > input && (beside == cached || beside == cached + reasoning)) {
            input += cached;
            beside -= cached;
        }
        // xAI and Google count reasoning beside the completion, Google without saying how much.
        if (beside > 0) {
            output += beside;
            reasoning = reasoning == 0 ? beside : reasoning;
        }
        var meters = new EnumMap<Meter, Long>(Meter.class);
        long left = input;
        left -= put(meters, Meter.CACHE_READ, cached, left);
        left -= put(meters, Meter.CACHE_WRITE_5M, count(prompt, "cache_write_tokens"), left);
        left -= put(meters, Meter.AUDIO_INPUT, count(prompt, "audio_tokens"), left);
        left -= put(meters, Meter.IMAGE_INPUT, count(prompt, "image_tokens"), left);
        put(meters, Meter.FRESH_INPUT, left, left);
        left = output;
        left -= put(meters, Meter.REASONING, reasoning, left);
        left -= put(meters, Meter.AUDIO_OUTPUT, count(completion, "audio_tokens"), left);
        left -= put(meters, Meter.IMAGE_OUTPUT, count(completion, "image_tokens"), left);
        put(meters, Meter.OUTPUT, left, left);
        return new Usage(meters, false);
    }

    /** Reads the usage of an answer or a chunk, and the tier that stands beside it. */
    public static Usage read(JsonNode usage, JsonNode tier) {
        return read(usage).withTier(tier(tier.asString("")));
    }

    /** What an answer states: {@code auto} only repeats that nothing was chosen. */
    public static String tier(String word) {
        return word.equals("auto") ? "" : word;
    }

    /** Writes meters as OpenAI does. */
    public static ObjectNode write(Usage usage) {
        ObjectNode node =
                Json.object()
                        .put("prompt_tokens", usage.inputTokens())
                        .put("completion_tokens", usage.outputTokens())
                        .put("total_tokens", usage.totalTokens());
        ObjectNode prompt =
                node.putObject("prompt_tokens_details")
                        .put("cached_tokens", usage.of(Meter.CACHE_READ))
                        .put("audio_tokens", usage.of(Meter.AUDIO_INPUT));
        long written = usage.of(Meter.CACHE_WRITE_5M) + usage.of(Meter.CACHE_WRITE_1H);
        if (written > 0) {
            prompt.put("cache_write_tokens", written);
        }
        if (usage.of(Meter.IMAGE_INPUT) > 0) {
            prompt.put("image_tokens", usage.of(Meter.IMAGE_INPUT));
        }
        ObjectNode completion =
                node.putObject("completion_tokens_details")
                        .put("reasoning_tokens", usage.of(Meter.REASONING))
                        .put("audio_tokens", usage.of(Meter.AUDIO_OUTPUT));
        if (usage.of(Meter.IMAGE_OUTPUT) > 0) {
            completion.put("image_tokens", usage.of(Meter.IMAGE_OUTPUT));
        }
        return node;
    }

    /** Puts at most what is left, so that no part is larger than its sum. */
    private static long put(Map<Meter, Long> meters, Meter meter, long count, long left) {
        long fits = Math.min(count, left);
        meters.put(meter, fits);
        return fits;
    }

    private static long first(JsonNode a, String name, JsonNode b, String other) {
        long count = count(a, name);
        return count == 0 ? count(b, other) : count;
    }

    private static long count(JsonNode node, String name) {
        JsonNode count = node.path(name);
        return count.isNumber() && count.canConvertToLong() ? Math.max(0, count.asLong(0)) : 0;
    }
}
