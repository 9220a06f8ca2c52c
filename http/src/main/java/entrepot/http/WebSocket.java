package entrepot.http;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Messages both ways over one upgraded connection. */
public interface WebSocket extends AutoCloseable {

    /**
     * The next text message.
     *
     * @return null when the peer has closed
     */
    @Nullable String receive() throws InterruptedException;

    /**
     * The next text message, if it comes within this time.
     *
     * @return null when the peer has closed
     * @throws TimeoutException when it has said nothing for so long
     */
    @Nullable String receive(Duration patience) throws InterruptedException, TimeoutException;

    void send(String text) throws InterruptedException;

    /** Closes with a status of RFC 6455 §7.4 and a reason of at most 123 bytes. */
    void close(int status, String reason);

    @Override
    void close();
}
