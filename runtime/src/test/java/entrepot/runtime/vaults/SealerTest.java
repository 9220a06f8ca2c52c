package entrepot.runtime.vaults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.identity.Secret;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import java.util.Random;

class SealerTest {

    private static final Secret KEY = Sealer.newKey(new Random(1));
    private static final Secret OTHER = Sealer.newKey(new Random(2));

    @Test
    void opensWhatItSealed() {
        Sealer sealer = new Sealer(KEY);
        Seeds.each(
                200,
                seeds -> {
                    String text = seeds.text(40);
                    assertThat(opened(sealer, "a", sealer.seal("a", text))).isEqualTo(text);
                });
    }

    private static String opened(Sealer sealer, String place, String sealed) {
        try {
            return sealer.open(place, sealed);
        } catch (Sealer.CannotOpen e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void hidesTheTextAndSealsTheSameAlike() {
        Sealer sealer = new Sealer(KEY);
        String sealed = sealer.seal("a", "secret");
        assertThat(sealed).doesNotContain("secret").isEqualTo(sealer.seal("a", "secret"));
        assertThat(sealer.seal("b", "secret")).isNotEqualTo(sealed);
        assertThat(Sealer.keyId(sealed)).isEqualTo(sealer.keyId());
    }

    @Test
    void opensNothingInAnotherPlaceOrThatWasChanged() {
        Sealer sealer = new Sealer(KEY);
        String sealed = sealer.seal("credential/acme/v/c", "secret");
        assertThatThrownBy(() -> sealer.open("credential/other/v/c", sealed))
                .isInstanceOf(Sealer.CannotOpen.class);
        int at = sealed.length() - 3;
        char changed = sealed.charAt(at) == 'A' ? 'B' : 'A';
        String forged = sealed.substring(0, at) + changed + sealed.substring(at + 1);
        assertThatThrownBy(() -> sealer.open("credential/acme/v/c", forged))
                .isInstanceOf(Sealer.CannotOpen.class);
        assertThatThrownBy(() -> sealer.open("a", "nonsense"))
                .isInstanceOf(Sealer.CannotOpen.class);
    }

    @Test
    void anOlderKeyBesideTheNewOneStillOpens() throws Exception {
        String old = new Sealer(KEY).seal("a", "secret");
        Sealer rotated = new Sealer(new Secret(OTHER.reveal() + "\n" + KEY.reveal() + "\n"));
        assertThat(rotated.open("a", old)).isEqualTo("secret");
        assertThat(Sealer.keyId(rotated.seal("a", "secret"))).isNotEqualTo(Sealer.keyId(old));
        Sealer lost = new Sealer(OTHER);
        assertThatThrownBy(() -> lost.open("a", old))
                .isInstanceOf(Sealer.CannotOpen.class)
                .hasMessageContaining(Sealer.keyId(old));
    }

    @Test
    void saysWhatIsWrongWithAKeyAndNotWhatItIs() {
        assertThatThrownBy(() -> new Sealer(new Secret("c2hvcnQ=")))
                .hasMessageContaining("5 bytes")
                .hasMessageNotContaining("c2hv");
        assertThatThrownBy(() -> new Sealer(new Secret("%%"))).hasMessageContaining("base64");
        assertThatThrownBy(() -> new Sealer(new Secret(" "))).hasMessageContaining("missing");
    }
}
