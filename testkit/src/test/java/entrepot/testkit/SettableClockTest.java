package entrepot.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

/** Time stands still until it is moved. */
class SettableClockTest {

    @Test
    void timeMovesOnlyByHand() {
        var clock = SettableClock.at("2026-04-12T09:00:00Z");
        assertThat(clock.millis()).isEqualTo(clock.millis());
        assertThat(clock.advance(Duration.ofHours(1))).isEqualTo("2026-04-12T10:00:00Z");
        clock.advanceMillis(-1);
        assertThat(clock.instant()).isEqualTo("2026-04-12T09:59:59.999Z");
        clock.set(Instant.EPOCH);
        assertThat(clock.millis()).isZero();
    }
}
