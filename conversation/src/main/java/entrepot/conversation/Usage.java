package entrepot.conversation;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What one answer used, in disjoint meters: no token is counted under two of them, so that the sum
 * over meters is the supplier's total. A meter that is absent is zero.
 *
 * @param estimated whether we counted because the supplier did not say
 * @param tier the service tier that the answer states, in the supplier's own word, such as {@code
 *     priority}; null when it states none
 * @param region where the answer states that it was made, when that is priced; else null
 */
public record Usage(
        Map<Meter, Long> meters,
        boolean estimated,
        @Nullable String tier,
        @Nullable String region) {

    public static final Usage NONE = new Usage(Map.of(), false);

    public Usage {
        var kept = new TreeMap<Meter, Long>();
        meters.forEach((meter, count) -> {
            if (count < 0) {
                throw new IllegalArgumentException(meter + " is negative: " + count);
            }
            if (count > 0) {
                kept.put(meter, count);
            }
        });
        meters = java.util.Collections.unmodifiableMap(kept);
    }

    /** Usage of an answer that states no tier. */
    public Usage(Map<Meter, Long> meters, boolean estimated) {
        this(meters, estimated, null, null);
    }

    /**
     * The same, of an answer that states a tier; an empty word states none, and of no usage nothing
     * is stated.
     */
    public Usage withTier(@Nullable String word) {
        return meters.isEmpty() || word == null || word.isEmpty()
                ? this
                : new Usage(meters, estimated, word, region);
    }

    /** The same, of an answer that states a region. */
    public Usage withRegion(@Nullable String where) {
        return meters.isEmpty() || where == null || where.isEmpty()
                ? this
                : new Usage(meters, estimated, tier, where);
    }

    /** Whether both count the same, whatever else is said. */
    public boolean counts(Usage other) {
        return meters.equals(other.meters);
    }

    /** Both together, meter by meter; of one tier only if both are, or one of them is nothing. */
    public Usage plus(Usage more) {
        var sum = new TreeMap<>(meters);
        more.meters.forEach((meter, count) -> sum.merge(meter, count, Long::sum));
        return new Usage(
                sum,
                estimated || more.estimated,
                common(more, tier, more.tier),
                common(more, region, more.region));
    }

    private @Nullable String common(Usage more, @Nullable String own, @Nullable String other) {
        if (meters.isEmpty() || more.meters.isEmpty()) {
            return meters.isEmpty() ? other : own;
        }
        return Objects.equals(own, other) ? own : null;
    }

    public long of(Meter meter) {
        return meters.getOrDefault(meter, 0L);
    }

    /** Fresh, cached and written input together: what dialects call prompt or input tokens. */
    public long inputTokens() {
        return of(Meter.FRESH_INPUT)
                + of(Meter.CACHE_READ)
                + of(Meter.CACHE_WRITE_5M)
                + of(Meter.CACHE_WRITE_1H)
                + of(Meter.AUDIO_INPUT)
                + of(Meter.IMAGE_INPUT);
    }

    /** Visible output and reasoning together: what dialects call completion or output tokens. */
    public long outputTokens() {
        return of(Meter.OUTPUT)
                + of(Meter.REASONING)
                + of(Meter.AUDIO_OUTPUT)
                + of(Meter.IMAGE_OUTPUT);
    }

    public long totalTokens() {
        return inputTokens() + outputTokens();
    }

    /** Disjoint classes of what is billed; all but the last two count tokens. */
    public enum Meter {
        FRESH_INPUT,
        CACHE_READ,
        CACHE_WRITE_5M,
        CACHE_WRITE_1H,
        AUDIO_INPUT,
        IMAGE_INPUT,
        OUTPUT,
        REASONING,
        AUDIO_OUTPUT,
        IMAGE_OUTPUT,
        REQUESTS,
        /** Pictures that are billed by the piece. */
        IMAGES
    }
}
