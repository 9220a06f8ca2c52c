package entrepot.protocols.metering;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/**
 * What a supplier says that an answer used, by the rules of its own dialect and read by nothing of
 * the project's.
 *
 * @param input everything read, from a cache or not; null when only the total is certain
 * @param output everything written, reasoning too; null likewise
 * @param cached of the input
 */
record Told(@Nullable Long input, @Nullable Long output, long total, long cached) {

    /** Chat: the parts are in the sums; a larger total tells of something beside them. */
    static Told chat(JsonNode usage) {
        long input = number(usage, "prompt_tokens");
        long output = number(usage, "completion_tokens");
        long total = number(usage, "total_tokens");
        long cached =
                Math.max(
                        number(usage.path("prompt_tokens_details"), "cached_tokens"),
                        number(usage, "prompt_cache_hit_tokens"));
        return total > input + output
                ? new Told(null, null, total, cached)
                : new Told(input, output, input + output, Math.min(cached, input));
    }

    static Told responses(JsonNode usage) {
        long input = number(usage, "input_tokens");
        long output = number(usage, "output_tokens");
        long total = number(usage, "total_tokens");
        long cached = number(usage.path("input_tokens_details"), "cached_tokens");
        return total > input + output
                ? new Told(input, null, total, cached)
                : new Told(input, output, input + output, Math.min(cached, input));
    }

    /**
     * Messages: fresh, written and read stand side by side, and there is no total. Of a stream's
     * reports the last counts; zeros that only repeat the names do not (R90).
     */
    static Told messages(List<JsonNode> reports) {
        long fresh = 0;
        long written = 0;
        long read = 0;
        long output = 0;
        for (JsonNode report : reports) {
            long now = number(report, "input_tokens");
            long created = number(report, "cache_creation_input_tokens");
            long cached = number(report, "cache_read_input_tokens");
            if (now + created + cached > 0) {
                fresh = report.has("input_tokens") ? now : fresh;
                written = report.has("cache_creation_input_tokens") ? created : written;
                read = report.has("cache_read_input_tokens") ? cached : read;
            }
            output = report.has("output_tokens") ? number(report, "output_tokens") : output;
        }
        for (JsonNode iteration : reports.getLast().path("iterations")) {
            String type = iteration.path("type").asString("");
            if (type.equals("compaction") || type.equals("advisor_message")) {
                fresh += number(iteration, "input_tokens");
                written += number(iteration, "cache_creation_input_tokens");
                read += number(iteration, "cache_read_input_tokens");
                output += number(iteration, "output_tokens");
            }
        }
        long input = fresh + written + read;
        return new Told(input, output, input + output, read);
    }

    /** Gemini: the prompt holds what was cached; thoughts and the tools' part stand beside. */
    static Told gemini(JsonNode usage) {
        long input = number(usage, "promptTokenCount") + number(usage, "toolUsePromptTokenCount");
        long output = number(usage, "candidatesTokenCount") + number(usage, "thoughtsTokenCount");
        long total = number(usage, "totalTokenCount");
        long cached = number(usage, "cachedContentTokenCount");
        return total > input + output
                ? new Told(null, null, total, cached)
                : new Told(input, output, input + output, Math.min(cached, input));
    }

    /** Converse: cached input stands beside {@code inputTokens}, and is in the total. */
    static Told converse(JsonNode usage) {
        long cached = number(usage, "cacheReadInputTokens");
        long input = number(usage, "inputTokens") + cached + number(usage, "cacheWriteInputTokens");
        long output = number(usage, "outputTokens");
        long total = usage.has("totalTokens") ? number(usage, "totalTokens") : input + output;
        return new Told(input, output, total, cached);
    }

    /** Bedrock's metrics of a stream of InvokeModel. */
    static Told metrics(JsonNode metrics) {
        long cached = number(metrics, "cacheReadInputTokenCount");
        long input =
                number(metrics, "inputTokenCount")
                        + cached
                        + number(metrics, "cacheWriteInputTokenCount");
        long output = number(metrics, "outputTokenCount");
        return new Told(input, output, input + output, cached);
    }

    static Told embeddings(JsonNode usage) {
        long total = Math.max(number(usage, "prompt_tokens"), number(usage, "total_tokens"));
        return new Told(total, 0L, total, 0);
    }

    static Told images(JsonNode usage) {
        long input = number(usage, "input_tokens");
        long output = number(usage, "output_tokens");
        return new Told(input, output, number(usage, "total_tokens"), 0);
    }

    /** What differs; empty when the meters add up to what was told. */
    List<String> differences(Usage usage) {
        var differences = new ArrayList<String>();
        compare(differences, "input", input, usage.inputTokens());
        compare(differences, "output", output, usage.outputTokens());
        compare(differences, "total", total, usage.totalTokens());
        compare(differences, "cached", cached, usage.of(Meter.CACHE_READ));
        return differences;
    }

    private static void compare(
            List<String> differences, String what, @Nullable Long told, long weighed) {
        if (told != null && told != weighed) {
            differences.add(what + " told " + told + ", weighed " + weighed);
        }
    }

    private static long number(JsonNode node, String name) {
        JsonNode number = node.path(name);
        return number.isNumber() ? number.decimalValue().longValue() : 0;
    }
}
