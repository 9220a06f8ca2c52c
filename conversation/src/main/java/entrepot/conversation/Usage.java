package entrepot.conversation;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one answer used, in disjoint meters: no token is counted under two of them, so that the sum
 * over meters is the supplier's total. A meter that is absent is zero.
 *
 * @param estimated whether we counted because the supplier did not say
 */
public record Usage(Map<Meter, Long> meters, boolean estimated) {

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

    /** Both together, meter by meter. */
    public Usage plus(Usage more) {
        var sum = new TreeMap<>(meters);
        more.meters.forEach((meter, count) -> sum.merge(meter, count, Long::sum));
        return new Usage(sum, estimated || more.estimated);
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
