package entrepot.market.idempotency;

import java.time.Duration;

/**
 * How much of answers is kept.
 *
 * @param retention how long after its end an answer is kept
 * @param lease how long a call is its runner's without being renewed
 * @param answerBytesMax of one answer's body
 * @param bytesMax of all bodies together; the oldest go first
 */
public record KeepLimits(Duration retention, Duration lease, int answerBytesMax, long bytesMax) {

    public static final KeepLimits DEFAULT =
            new KeepLimits(Duration.ofHours(24), Duration.ofSeconds(30), 16 << 20, 1L << 30);

    public KeepLimits withRetention(Duration other) {
        return new KeepLimits(other, lease, answerBytesMax, bytesMax);
    }
}
