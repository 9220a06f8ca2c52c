package entrepot.knowledge.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

final class WordPieceTest {

    private final WordPiece real = new E5().tokenizer();

    @Test
    void theLongestKnownPieceIsTakenFromTheLeft() {
        var tokens =
                new WordPiece(
                        Map.of(
                                "[UNK]",
                                0,
                                "[CLS]",
                                1,
                                "[SEP]",
                                2,
                                "ware",
                                3,
                                "##house",
                                4,
                                "##ho",
                                5,
                                "warehouse",
                                6,
                                "##s",
                                7));
        assertThat(tokens.ids("Warehouses", 9)).containsExactly(1, 6, 7, 2);
        assertThat(tokens.ids("warehouse ware", 9)).containsExactly(1, 6, 3, 2);
        assertThat(tokens.ids("warex", 9)).containsExactly(1, 0, 2);
    }

    @ParameterizedTest(name = "{0} reads like {1}")
    @CsvSource({
        "Café, cafe",
        "ÅNGSTRÖM, angstrom",
        "zero\u200bwidth, zerowidth",
        "tab\tand space, tab and space",
        "it's, it ' s",
        "3.5%, 3 . 5 %",
        "$50, $ 50",
        "東京, 東 京",
        "“quoted”, “ quoted ”"
    })
    void spellingsMeet(String one, String other) {
        assertThat(real.ids(one, 64)).isEqualTo(real.ids(other, 64));
    }

    @Test
    void marksInTheTextAreText() {
        assertThat(real.ids("[SEP]", 64)).hasSizeGreaterThan(3);
    }

    @Test
    void wordsWithoutEndAreOneUnknownToken() {
        assertThat(real.count("a".repeat(101))).isEqualTo(1);
        assertThat(real.count("")).isZero();
    }

    @Test
    void theEndMarkSurvivesTheCut() {
        int[] ids = real.ids("one two three four five", 4);
        assertThat(ids).hasSize(4).startsWith(101).endsWith(102);
    }
}
