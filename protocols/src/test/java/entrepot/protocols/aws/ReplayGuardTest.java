package entrepot.protocols.aws;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.protocols.aws.ReplayGuard.Answer;
import entrepot.protocols.aws.SigV4Verdict.Verified;

import org.junit.jupiter.api.Test;

import java.time.Instant;

class ReplayGuardTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private static Verified signed(String signature, int validSeconds) {
        var scope = new AwsScope("us-east-1", "bedrock");
        return new Verified("AKID", null, scope, NOW, NOW.plusSeconds(validSeconds), signature);
    }

    @Test
    void takesASignatureOnceForAsLongAsItIsGood() {
        var guard = new ReplayGuard(10);
        assertThat(guard.admit(signed("a", 900), NOW)).isEqualTo(Answer.FRESH);
        assertThat(guard.admit(signed("b", 900), NOW)).isEqualTo(Answer.FRESH);
        assertThat(guard.admit(signed("a", 900), NOW.plusSeconds(900))).isEqualTo(Answer.SEEN);
        assertThat(guard.admit(signed("b", 900), NOW.plusSeconds(900))).isEqualTo(Answer.SEEN);
    }

    @Test
    void remembersOneThatWasAtItsEndWhenItCame() {
        var guard = new ReplayGuard(10);
        assertThat(guard.admit(signed("a", 0), NOW.plusSeconds(5))).isEqualTo(Answer.FRESH);
        assertThat(guard.admit(signed("a", 0), NOW.plusSeconds(6))).isEqualTo(Answer.SEEN);
    }

    @Test
    void saysThatItIsFullAndForgetsNothingThatIsGood() {
        var guard = new ReplayGuard(2);
        assertThat(guard.admit(signed("long", 900), NOW)).isEqualTo(Answer.FRESH);
        assertThat(guard.admit(signed("short", 10), NOW)).isEqualTo(Answer.FRESH);
        assertThat(guard.admit(signed("more", 10), NOW)).isEqualTo(Answer.FULL);
        assertThat(guard.admit(signed("long", 900), NOW)).isEqualTo(Answer.SEEN);
        Instant later = NOW.plusSeconds(10).plusSeconds(61);
        assertThat(guard.admit(signed("more", 100), later)).isEqualTo(Answer.FRESH);
        assertThat(guard.admit(signed("long", 900), later)).isEqualTo(Answer.SEEN);
    }
}
