package entrepot.knowledge.briefing;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.knowledge.passages.Document;
import entrepot.knowledge.testing.WordCountEmbedder;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NothingInQuotesIsInvented: over seeded folders, whatever the briefing quotes is in its source.
 */
final class VerbatimLawTest {

    private static final Pattern QUOTE =
            Pattern.compile("^- .*?“(.+?)”(?: …)? \\[(doc\\d):\\d+\\]", Pattern.MULTILINE);
    private static final String[] PARTS = {
        "Acme will pay up to $40 million to Nordport on 3 March 2026.",
        "Anna Maes said “we agreed.”",
        "The depot opened on Sunday, April 13.",
        "\n\n",
        "\n",
        "# Heading\n",
        "- We decided to wait.\n",
        "It must not exceed 20%, because rules differ.",
        "| a | b |\n",
        "(acme.com)",
        "   ",
        "\t",
        "The licence ends on 31 April 2027.",
        "However, nobody knows.",
        "東京の図書館は開館する。",
        "é\u00a0è",
        "`code` and *stars* and <b>tags</b>.",
        "Nordport paid $40 million to Acme in 2026.",
        "\r\n"
    };

    @Test
    void everyQuoteOfEveryFolderIsVerbatim() throws Exception {
        var briefing = new Briefing(new WordCountEmbedder());
        int quotes = 0;
        for (int seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            List<Document> documents = new ArrayList<>();
            for (int d = 0; d < 1 + random.nextInt(4); d++) {
                var text = new StringBuilder();
                for (int i = random.nextInt(40); i > 0; i--) {
                    text.append(PARTS[random.nextInt(PARTS.length)]).append(' ');
                }
                documents.add(new Document("doc" + d, text.toString()));
            }
            List<Source> sources = documents.stream().map(d -> Source.of(d, "")).toList();
            var page = new StringBuilder();
            briefing.write(
                    new Briefing.Assignment(
                            seed % 2 == 0 ? "Summarise" : "What does Acme pay?",
                            sources,
                            seed % 3 == 0,
                            List.of(),
                            Set.of()),
                    page::append);
            Matcher matcher = QUOTE.matcher(page);
            for (; matcher.find(); quotes++) {
                int document = Integer.parseInt(matcher.group(2).substring(3));
                assertThat(documents.get(document).says(matcher.group(1)))
                        .as("seed %d: %s", seed, matcher.group())
                        .isTrue();
            }
            assertThat(page.toString()).contains("extracts and does not generate");
        }
        assertThat(quotes).isGreaterThan(500);
    }

    @Test
    void aSentenceItsSourceDoesNotHoldIsNotPrinted() {
        var source = Source.of(new Document("a", "One thing is here."), "");
        var other = Source.of(new Document("a", "Another thing is there."), "");
        var quotes = new Quotes(List.of(source));
        assertThat(quotes.quote(other.sentences().getFirst())).isEmpty();
        assertThat(quotes.dropped()).isEqualTo(1);
        assertThat(quotes.checked()).isZero();
    }
}
