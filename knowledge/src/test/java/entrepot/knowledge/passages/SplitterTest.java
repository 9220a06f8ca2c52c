package entrepot.knowledge.passages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

final class SplitterTest {

    private static List<Sentence> split(String text) {
        return Splitter.sentences(new Document("a.txt", text));
    }

    private static List<String> texts(String text) {
        return split(text).stream().map(Sentence::text).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Dr. Maes met Mr. de Wit at 3.5 km from St. Petersburg.",
                "J. R. R. Tolkien signed it.",
                "The U.S. Senate voted.",
                "It rose by 3.5 percent, i.e. more than in Jan. 2026.",
                "“Is it done?” she asked.",
                "See Fig. 4 and no. 7 of vol. 2.",
                "Der Vertrag beginnt am 1. Mai 2026.",
                "Version 1.2.3 of node.js is out...and runs.",
                "Acme Inc. bought Beta Ltd. in March."
            })
    void oneSentenceStaysWhole(String text) {
        assertThat(texts(text)).containsExactly(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "It left the U.S.|The rest stayed.",
                "She said “no.”|He agreed.",
                "Was it 40%?|It was.",
                "It ended in 2026.|Then came rain.",
                "He said it (twice).|Nobody heard.",
                "It works.[12]|So they say.",
                "Stop!|Go."
            })
    void twoSentencesAreTwo(String text) {
        assertThat(texts(text.replace('|', ' '))).containsExactly(text.split("\\|"));
    }

    @Test
    void sourceMarksBelongToTheSentenceBefore() {
        List<Sentence> sentences =
                split(
                        "Demand was “frankly staggering.” (cnbc.com) (qz.com). Sales rose"
                                + " (axios.com).");
        assertThat(sentences)
                .extracting(Sentence::text)
                .containsExactly("Demand was “frankly staggering.”", "Sales rose");
        assertThat(sentences.get(0).marks()).containsExactly("cnbc.com", "qz.com");
        assertThat(sentences.get(1).marks()).containsExactly("axios.com");
    }

    @Test
    void wrappedLinesAreOneSentenceAndShortLinesAreSeveral() {
        assertThat(
                        texts(
                                """
                                The licence that you received with this program says that you may
                                copy it. You may also sell it.

                                Name: Anna
                                Place: Ghent
                                """))
                .containsExactly(
                        "The licence that you received with this program says that you may copy"
                                + " it.",
                        "You may also sell it.",
                        "Name: Anna",
                        "Place: Ghent");
    }

    @Test
    void headingsAreKeptWithWhatStandsUnderThem() {
        List<Sentence> sentences =
                split(
                        """
                        # Guide

                        ## Install
                        - Run the script.
                        - Open the page.

                        Usage
                        -----
                        Ask anything.

                        LIMITS
                        No images.

                           2. Grant of Licence. Each party grants the other a licence.
                        """);
        assertThat(sentences)
                .filteredOn(Sentence::isProse)
                .extracting(sentence -> sentence.heading() + " > " + sentence.text())
                .containsExactly(
                        "Install > Run the script.",
                        "Install > Open the page.",
                        "Usage > Ask anything.",
                        "LIMITS > No images.",
                        "Grant of Licence > Each party grants the other a licence.");
    }

    @Test
    void linesOfALogStayApartAndPageFurnitureIsKnown() {
        assertThat(
                        texts(
                                """
                                2026-03-01 12:00:00 INFO worker 1 processed an order in 20 ms
                                2026-03-01 12:00:01 INFO worker 2 processed an order in 21 ms
                                """))
                .hasSize(2);
        assertThat(split("Download on the App Store\n\nShared from Scout - Be smart.\n"))
                .allMatch(
                        sentence -> sentence.kind() == Sentence.Kind.NOTICE || !sentence.isProse());
    }

    @Test
    void everySentenceStandsAtItsOffsetsAndLine() {
        var random = new Random(7);
        String[] pieces = {
            "The port opened. ",
            "\n\n",
            "\n",
            "- item one\n",
            "Dr. A. met B.! ",
            "(x.com) ",
            "# Title\n",
            "“Quoted.” ",
            "| a | b |\n",
            "```\ncode\n```\n",
            "long ".repeat(200),
            "1. Clause. Text here. ",
            "é ü 東京。",
            "\t",
            "   ",
            "END.\n",
            "\r\n",
            "\f",
            "😀 smile. "
        };
        for (int round = 0; round < 500; round++) {
            var text = new StringBuilder();
            int count = random.nextInt(30);
            for (int i = 0; i < count; i++) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            var document = new Document("seeded", text.toString());
            int at = 0;
            for (Sentence sentence : Splitter.sentences(document)) {
                String there = document.text().substring(sentence.from(), sentence.to());
                assertThat(Document.normalise(there)).isEqualTo(sentence.text());
                assertThat(document.says(sentence.text())).isTrue();
                assertThat(sentence.from()).isGreaterThanOrEqualTo(at);
                at = sentence.to();
                long breaks =
                        document.text()
                                .substring(0, sentence.from())
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
                assertThat(sentence.line()).isEqualTo((int) breaks + 1);
            }
        }
    }

    @Test
    void aSentenceWithoutEndIsCut() {
        List<String> texts = new ArrayList<>(texts("word ".repeat(2_000)));
        assertThat(texts).hasSizeGreaterThan(10).allMatch(text -> text.length() <= 900);
    }
}
