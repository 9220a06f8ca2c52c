package entrepot.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;

/** What is made from a seed is made again from it. */
class SeedsTest {

    @Test
    void theSameSeedMakesTheSameThings() {
        Seeds.each(
                50,
                seeds -> {
                    var again = new Seeds(seeds.seed());
                    assertThat(seeds.text(20)).isEqualTo(again.text(20));
                    assertThat(seeds.json(3)).isEqualTo(again.json(3));
                    assertThat(seeds.splitPositions(99, 9)).isEqualTo(again.splitPositions(99, 9));
                });
    }

    @Test
    void otherSeedsMakeOtherThings() {
        var texts = new HashSet<String>();
        Seeds.each(200, seeds -> texts.add(seeds.text(20)));
        assertThat(texts).hasSizeGreaterThan(150);
    }

    @Test
    void textsAndValuesSurviveTheirEncodings() {
        var json =
                JsonMapper.builder()
                        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                        .build();
        Seeds.each(
                300,
                seeds -> {
                    var text = seeds.text(30);
                    var bytes = text.getBytes(StandardCharsets.UTF_8);
                    assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(text);
                    var value = seeds.json(3);
                    assertThat(json.readTree(json.writeValueAsString(value)).toString())
                            .isEqualTo(value.toString());
                });
    }

    @Test
    void piecesJoinToTheWhole() {
        Seeds.each(
                100,
                seeds -> {
                    var whole = seeds.bytes(seeds.upTo(200));
                    var joined = new ByteArrayOutputStream();
                    seeds.split(whole, 10).forEach(joined::writeBytes);
                    assertThat(joined.toByteArray()).isEqualTo(whole);
                });
    }

    @Test
    void theSeedThatBreaksALawIsNamed() {
        assertThatThrownBy(() -> Seeds.each(9, s -> assertThat(s.seed()).isLessThan(5)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 5")
                .hasMessageContaining("-Dseed=5");
    }
}
