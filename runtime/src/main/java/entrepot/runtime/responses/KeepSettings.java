package entrepot.runtime.responses;

import java.time.Duration;

/**
 * How long things are kept.
 *
 * @param retention of a response since it was made, and of a conversation since it last grew
 * @param lease how long a node that is not heard of keeps its unfinished responses
 * @param poll how often a reader of a growing response looks for itself
 */
public record KeepSettings(Duration retention, Duration lease, Duration poll) {

    public static final KeepSettings DEFAULT =
            new KeepSettings(Duration.ofDays(30), Duration.ofSeconds(30), Duration.ofMillis(500));

    public KeepSettings {
        if (retention.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("what is kept is kept for at least a minute");
        }
    }

    public KeepSettings withRetention(Duration other) {
        return new KeepSettings(other, lease, poll);
    }
}
