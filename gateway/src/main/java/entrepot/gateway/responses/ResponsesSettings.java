package entrepot.gateway.responses;

import java.time.Duration;

/**
 * Limits of the Responses API.
 *
 * @param patience how long a caller that waits may be kept waiting
 * @param backgroundPatience how long work in the background may take
 * @param backgroundMax responses that are made in the background at once on this node
 * @param keepAlive how long a stream may be silent before a comment is sent
 * @param socketIdle how long a WebSocket may be silent before it is closed
 * @param socketLife how long a WebSocket may be used before it is closed
 */
public record ResponsesSettings(
        Duration patience,
        Duration backgroundPatience,
        int backgroundMax,
        Duration keepAlive,
        Duration socketIdle,
        Duration socketLife) {

    public static final ResponsesSettings DEFAULT =
            new ResponsesSettings(
                    Duration.ofMinutes(30),
                    Duration.ofHours(2),
                    256,
                    Duration.ofSeconds(15),
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(60));
}
