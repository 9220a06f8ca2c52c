package entrepot.market.metering;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Extras;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Part;
import entrepot.conversation.Request;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The rule by which budgets hold: what a model may count at most in what it reads. */
class TokenBoundTest {

    @Test
    void lettersAndBlanksAreHalfATokenEach() {
        assertThat(TokenBound.of("")).isZero();
        assertThat(TokenBound.of("a")).isEqualTo(1);
        assertThat(TokenBound.of("hello there")).isEqualTo(6);
    }

    @Test
    void digitsAndSignsAreATokenEach() {
        assertThat(TokenBound.of("1234")).isEqualTo(4);
        assertThat(TokenBound.of("{\"a\":1}")).isEqualTo(7);
    }

    @Test
    void whatIsNoWordCountsLetterByLetter() {
        String word = "a".repeat(TokenBound.WORD_LETTERS_MAX);
        assertThat(TokenBound.of(word)).isEqualTo(TokenBound.WORD_LETTERS_MAX / 2);
        assertThat(TokenBound.of(word + "a")).isEqualTo(TokenBound.WORD_LETTERS_MAX + 1);
        assertThat(TokenBound.of("see " + word + "a now"))
                .isEqualTo(TokenBound.WORD_LETTERS_MAX + 1 + 4);
    }

    @Test
    void otherScriptsCountTheBytesOfTheirUtf8() {
        for (String text : List.of("é", "Ж", "漢字", "한국", "🙂", "𒀀")) {
            assertThat(TokenBound.of(text))
                    .as(text)
                    .isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
        }
    }

    @Test
    void itIsNeverMoreThanOneTokenForEachByteNorLessThanHalf() {
        String text = "Prices rose 4.25 % in Zürich; see https://example.org/a?b=c&d=漢 for more.\n";
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        assertThat(TokenBound.of(text)).isBetween(bytes / 2L, (long) bytes);
    }

    @Test
    void messagesAndPicturesCountBesideTheirWords() {
        Request words = Request.of("m", List.of(Message.text(Role.USER, "hello there")));
        Request seen =
                Request.of(
                        "m",
                        List.of(
                                Message.of(
                                        Role.USER,
                                        new Part.Text("hello there", Extras.NONE),
                                        new Part.Image(
                                                "https://x.invalid/a.png",
                                                null,
                                                null,
                                                null,
                                                Extras.NONE))));
        assertThat(TokenBound.of(words)).isEqualTo(6 + 2 * TokenBound.PER_MESSAGE);
        assertThat(TokenBound.of(seen) - TokenBound.of(words)).isEqualTo(TokenBound.PER_IMAGE);
    }

    @Test
    void aFileCountsItsBytes() {
        var file = new Part.File(null, null, "AAAA".repeat(100), null, "a.pdf", Extras.NONE);
        Request asked = Request.of("m", List.of(Message.of(Role.USER, file)));
        assertThat(TokenBound.of(asked)).isEqualTo(300 + 2 * TokenBound.PER_MESSAGE);
    }
}
