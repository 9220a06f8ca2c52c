package entrepot.protocols.anthropic.messages;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The usage object of the Messages API, to and from disjoint meters (openapi, Usage).
 *
 * <p>Anthropic's input is disjoint already: fresh, read from and written to caches. Its output
 * contains what was thought. What it did beside the answer, to compact a conversation or to ask an
 * advisor, is billed and stands among the iterations only. Searches are billed by number.
 */
public final class MessagesUsage {

    /** What can be told in it. */
    static final Set<Meter> METERS =
            Set.of(
                    Meter.FRESH_INPUT,
                    Meter.CACHE_READ,
                    Meter.CACHE_WRITE_5M,
                    Meter.CACHE_WRITE_1H,
                    Meter.OUTPUT,
                    Meter.REASONING,
                    Meter.REQUESTS);

    /** Iterations whose tokens are not within the sums of the whole. */
    private static final Set<String> BESIDE = Set.of("compaction", "advisor_message");

    private static final List<String> INPUT =
            List.of("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens");

    private MessagesUsage() {}

    /** Reads a usage object; anything else is {@link Usage#NONE}. */
    public static Usage read(JsonNode usage) {
        if (!usage.isObject()) {
            return Usage.NONE;
        }
        var meters = new EnumMap<Meter, Long>(Meter.class);
        add(usage, meters);
        for (JsonNode iteration : usage.path("iterations")) {
            if (BESIDE.contains(iteration.path("type").asString(""))) {
                add(iteration, meters);
            }
        }
        add(meters, Meter.REQUESTS, count(usage.path("server_tool_use"), "web_search_requests"));
        return new Usage(meters, false).withTier(tier(usage)).withRegion(region(usage));
    }

    /** Fast mode is priced like a tier, and said in a member of its own. */
    private static String tier(JsonNode usage) {
        String speed = usage.path("speed").asString("");
        return speed.equals("fast") ? speed : usage.path("service_tier").asString("");
    }

    /** Only a place that was asked for is priced. */
    private static String region(JsonNode usage) {
        String place = usage.path("inference_geo").asString("");
        return place.equals("global") || place.equals("not_available") ? "" : place;
    }

    private static void add(JsonNode usage, Map<Meter, Long> meters) {
        add(meters, Meter.FRESH_INPUT, count(usage, "input_tokens"));
        add(meters, Meter.CACHE_READ, count(usage, "cache_read_input_tokens"));
        JsonNode lives = usage.path("cache_creation");
        long hour = count(lives, "ephemeral_1h_input_tokens");
        long minutes = count(lives, "ephemeral_5m_input_tokens");
        // The older sum counts where it tells more than its parts, as five minutes: the default.
        long written = Math.max(count(usage, "cache_creation_input_tokens"), hour + minutes);
        add(meters, Meter.CACHE_WRITE_1H, hour);
        add(meters, Meter.CACHE_WRITE_5M, written - hour);
        long output = count(usage, "output_tokens");
        long thought =
                Math.min(output, count(usage.path("output_tokens_details"), "thinking_tokens"));
        add(meters, Meter.REASONING, thought);
        add(meters, Meter.OUTPUT, output - thought);
    }

    private static void add(Map<Meter, Long> meters, Meter meter, long count) {
        meters.merge(meter, count, Long::sum);
    }

    /** Writes meters as Anthropic does. */
    public static ObjectNode write(Usage usage) {
        long cached = usage.of(Meter.CACHE_READ);
        long minutes = usage.of(Meter.CACHE_WRITE_5M);
        long hour = usage.of(Meter.CACHE_WRITE_1H);
        ObjectNode node =
                Json.object()
                        .put("input_tokens", usage.inputTokens() - cached - minutes - hour)
                        .put("cache_creation_input_tokens", minutes + hour)
                        .put("cache_read_input_tokens", cached);
        node.putObject("cache_creation")
                .put("ephemeral_5m_input_tokens", minutes)
                .put("ephemeral_1h_input_tokens", hour);
        node.put("output_tokens", usage.outputTokens());
        if (usage.of(Meter.REASONING) > 0) {
            node.putObject("output_tokens_details")
                    .put("thinking_tokens", usage.of(Meter.REASONING));
        }
        if (usage.of(Meter.REQUESTS) > 0) {
            node.putObject("server_tool_use").put("web_search_requests", usage.of(Meter.REQUESTS));
        }
        return node;
    }

    /**
     * Adds a later report of one stream to an earlier one: what it says last counts (R90). Sums of
     * input count only together, and only if any was counted: some servers repeat them as zeros.
     */
    static ObjectNode merge(ObjectNode earlier, JsonNode later) {
        ObjectNode merged = Json.object();
        merged.setAll(earlier);
        boolean input = INPUT.stream().anyMatch(name -> count(later, name) > 0);
        for (Map.Entry<String, JsonNode> member : later.properties()) {
            boolean repeated = INPUT.contains(member.getKey()) && !input;
            if (!member.getValue().isNull() && !(repeated && earlier.has(member.getKey()))) {
                merged.set(member.getKey(), member.getValue());
            }
        }
        boolean recounted =
                later.has("cache_creation_input_tokens") && !later.has("cache_creation");
        long parts =
                count(earlier.path("cache_creation"), "ephemeral_1h_input_tokens")
                        + count(earlier.path("cache_creation"), "ephemeral_5m_input_tokens");
        if (input && recounted && parts > count(later, "cache_creation_input_tokens")) {
            // The parts of a sum that is no longer true.
            merged.remove("cache_creation");
        }
        return merged;
    }

    private static long count(JsonNode node, String name) {
        JsonNode count = node.path(name);
        return count.isNumber() && count.canConvertToLong() ? Math.max(0, count.asLong(0)) : 0;
    }
}
