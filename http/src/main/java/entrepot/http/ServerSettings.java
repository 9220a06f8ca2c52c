package entrepot.http;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where and within which limits the server listens.
 *
 * @param port 0 for any free one
 * @param urlBytesMax of the request line; over it: 414
 * @param headerBytesMax of all header fields together; over it: 431
 * @param bodyBytesMax of one request's body; over it: 413
 * @param bytesInFlightMax of all request bodies being held at once; over it: 503
 * @param exchangesMax at once; over it: 503
 * @param writeQueueBytesMax held for one slow reader before its source is paused
 * @param drain how long SIGTERM lets open exchanges finish
 * @param waits how long to be patient with a client
 * @param tls null to speak plain HTTP
 */
public record ServerSettings(
        String host,
        int port,
        int urlBytesMax,
        int headerBytesMax,
        int bodyBytesMax,
        long bytesInFlightMax,
        int exchangesMax,
        int writeQueueBytesMax,
        Duration drain,
        Waits waits,
        @Nullable Tls tls) {

    /** Loopback, and limits that suit bodies with images in them on a small machine. */
    public static ServerSettings loopback(int port) {
        return new ServerSettings(
                "127.0.0.1",
                port,
                16 * 1024,
                32 * 1024,
                64 * 1024 * 1024,
                512L * 1024 * 1024,
                20_000,
                256 * 1024,
                Duration.ofSeconds(30),
                Waits.DEFAULT,
                null);
    }

    /**
     * How long to be patient with a client.
     *
     * @param request for a connection's first head, and between two pieces of a body: then 408
     * @param idle a connection may be kept without an exchange
     * @param reader may leave {@code writeQueueBytesMax} lying before it is cut off
     * @param ping between two pings of a WebSocket; one unanswered until the next cuts it off
     */
    public record Waits(Duration request, Duration idle, Duration reader, Duration ping) {

        public static final Waits DEFAULT =
                new Waits(
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(75),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(30));
    }

    /** A certificate chain and its key, both PEM files. */
    public record Tls(Path certificate, Path key) {}
}
