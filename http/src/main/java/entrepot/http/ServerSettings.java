package entrepot.http;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where and within which limits the server listens.
 *
 * @param port 0 for any free one
 * @param headerBytesMax of all header fields together; over it: 431
 * @param bodyBytesMax of one request's body; over it: 413
 * @param bytesInFlightMax of all request bodies being held at once; over it: 503
 * @param exchangesMax at once; over it: 503
 * @param writeQueueBytesMax held for one slow reader before its source is paused
 * @param drain how long SIGTERM lets open exchanges finish
 * @param tls null to speak plain HTTP
 */
public record ServerSettings(
        String host,
        int port,
        int headerBytesMax,
        int bodyBytesMax,
        long bytesInFlightMax,
        int exchangesMax,
        int writeQueueBytesMax,
        Duration drain,
        @Nullable Tls tls) {

    /** Loopback, and limits that suit prompts with images on a small machine. */
    public static ServerSettings loopback(int port) {
        return new ServerSettings(
                "127.0.0.1",
                port,
                32 * 1024,
                64 * 1024 * 1024,
                512L * 1024 * 1024,
                20_000,
                256 * 1024,
                Duration.ofSeconds(30),
                null);
    }

    /** A certificate chain and its key, both PEM files. */
    public record Tls(Path certificate, Path key) {}
}
