package entrepot.market.supply;

import entrepot.http.CallFailed;
import entrepot.http.Incoming;

import java.util.concurrent.Semaphore;

/**
 * Reads what is left of answers that have said all that matters, so that their connections can be
 * used again. Whoever waits for the answer does not wait for this.
 */
final class Leftovers {

    private static final int DRAINS_MAX = 64;
    private static final int BYTES_MAX = 64 * 1024;

    private final Semaphore drains = new Semaphore(DRAINS_MAX);

    /** Takes over the stream, and closes it in the end. */
    void drain(Incoming stream) {
        if (!drains.tryAcquire()) {
            stream.close();
            return;
        }
        Thread.ofVirtual()
                .name("leftovers")
                .start(() -> {
                    try (stream) {
                        stream.all(BYTES_MAX);
                    } catch (CallFailed e) {
                        // The answer was whole before this; only the connection is lost.
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        drains.release();
                    }
                });
    }
}
