package entrepot.gateway.idempotency;

import java.time.Duration;

/**
 * How keyed calls are run.
 *
 * @param patience how long after it came a call waits for one that runs on another node
 * @param look how often it asks whether that one has ended
 * @param unheard how long a call goes on that nobody listens to
 * @param beat how often leases are renewed: several times within one
 * @param callsMax that run at once on this node
 * @param bytesMax of all their answers that are held in memory
 * @param windowBytesMax of an answer that is too large to be held whole
 */
public record IdempotencySettings(
        Duration patience,
        Duration look,
        Duration unheard,
        Duration beat,
        int callsMax,
        long bytesMax,
        int windowBytesMax) {

    public static final IdempotencySettings DEFAULT =
            new IdempotencySettings(
                    Duration.ofMinutes(30),
                    Duration.ofMillis(250),
                    Duration.ofMinutes(2),
                    Duration.ofSeconds(10),
                    2_000,
                    256L << 20,
                    256 << 10);
}
