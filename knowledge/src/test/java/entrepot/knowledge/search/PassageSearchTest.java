package entrepot.knowledge.search;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.knowledge.passages.Document;
import entrepot.knowledge.testing.WordCountEmbedder;

import org.junit.jupiter.api.Test;

import java.util.List;

final class PassageSearchTest {

    private final PassageSearch search = new PassageSearch(new WordCountEmbedder());
    private final List<Document> documents =
            List.of(
                    new Document(
                            "harbour.md",
                            """
                            # Harbour

                            The harbour closes at ten.

                            Pilots work in two shifts.
                            """),
                    new Document("menu.txt", "Soup costs four euros.\nBread is free with soup.\n"));

    @Test
    void theSentenceThatAnswersComesFirstWithItsPlace() throws Exception {
        var found = search.search(documents, "When does the harbour close?", 2);
        assertThat(found.weak()).isFalse();
        assertThat(found.hits()).hasSize(2);
        assertThat(found.hits().getFirst().line())
                .isEqualTo("harbour.md:3\tThe harbour closes at ten.");
        assertThat(found.hits().getFirst().score()).isGreaterThan(found.hits().get(1).score());
    }

    @Test
    void aQuestionAboutSomethingElseIsWeak() throws Exception {
        assertThat(search.search(documents, "Who painted the Mona Lisa?", 3).weak()).isTrue();
    }

    @Test
    void nothingInNothingIsFound() throws Exception {
        assertThat(search.search(List.of(), "What is it?", 3).hits()).isEmpty();
        assertThat(search.search(List.of(), "What is it?", 3).weak()).isTrue();
        assertThat(search.search(documents, "", 3).hits()).hasSize(3);
    }

    @Test
    void theOneLineThatMattersIsFoundInALongLog() throws Exception {
        var log = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            log.append("2026-03-01 12:00:00 INFO worker processed order ").append(i).append('\n');
        }
        log.append("2026-03-01 13:00:00 ERROR worker ran out of disk space\n");
        var found =
                search.search(
                        List.of(new Document("big.log", log.toString())),
                        "Who ran out of disk?",
                        1);
        assertThat(found.hits().getFirst().line())
                .isEqualTo("big.log:20001\t2026-03-01 13:00:00 ERROR worker ran out of disk space");
    }

    @Test
    void bytesThatAreNoTextAreNotSearched() throws Exception {
        var noise = new Document("a.bin", "harbour \u0000\u0001\u0002\u0003\u0004\u0005 closes");
        assertThat(search.search(List.of(noise), "harbour", 3).hits()).isEmpty();
    }
}
