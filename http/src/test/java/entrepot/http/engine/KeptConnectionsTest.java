package entrepot.http.engine;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.http.CallFailed.Reason;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A kept connection may be dead: nothing is lost by it, and nothing is done twice. */
@Timeout(120)
class KeptConnectionsTest extends Calls {

    @Test
    void aConnectionThePeerHasClosedDoesNotFailTheNextPost() throws Exception {
        var closed = new Semaphore(0);
        try (var upstream =
                new Upstream(wire -> {
                    wire.head();
                    wire.read(2);
                    wire.send(OK);
                    wire.hangUp();
                    closed.release();
                })) {
            for (int i = 0; i < 50; i++) {
                assertThat(text(client.send(post(upstream.url(), "{}", PATIENT)))).isEqualTo("ok");
                closed.acquire();
            }
        }
    }

    @Test
    void aPostThatMayHaveBeenCarriedOutIsNotSentTwice() throws Exception {
        var requests = new AtomicInteger();
        try (var upstream =
                new Upstream(wire -> {
                    while (!wire.head().isEmpty()) {
                        wire.read(2);
                        if (requests.incrementAndGet() > 10) {
                            wire.reset();
                            return;
                        }
                        wire.send(OK);
                    }
                })) {
            for (int i = 0; i < 10; i++) {
                text(client.send(post(upstream.url(), "{}", PATIENT)));
            }
            assertThat(reason(() -> client.send(post(upstream.url(), "{}", PATIENT))))
                    .isEqualTo(Reason.BROKEN);
            assertThat(requests.get()).isEqualTo(11);
        }
    }

    @Test
    void aGetOnAKeptConnectionThatBreaksIsRepeatedOnce() throws Exception {
        var requests = new AtomicInteger();
        try (var upstream =
                new Upstream(wire -> {
                    while (!wire.head().isEmpty()) {
                        if (requests.incrementAndGet() == 11) {
                            wire.reset();
                            return;
                        }
                        wire.send(OK);
                    }
                })) {
            for (int i = 0; i < 11; i++) {
                assertThat(text(client.send(get(upstream.url(), PATIENT)))).isEqualTo("ok");
            }
            assertThat(requests.get()).isEqualTo(12);
        }
    }
}
