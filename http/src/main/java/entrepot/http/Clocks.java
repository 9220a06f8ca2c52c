package entrepot.http;

import java.time.Duration;

/**
 * The four limits of waiting for an upstream.
 *
 * @param connect from the start until the connection stands (TLS included)
 * @param firstByte from the request's last byte until the head of the answer
 * @param idle between two chunks of the answer
 * @param total from the start until the end, whatever happens
 */
public record Clocks(Duration connect, Duration firstByte, Duration idle, Duration total) {

    public static final Clocks DEFAULT =
            new Clocks(
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(2),
                    Duration.ofHours(1));
}
