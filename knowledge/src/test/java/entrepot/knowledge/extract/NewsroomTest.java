package entrepot.knowledge.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import entrepot.knowledge.embedding.E5;
import entrepot.knowledge.passages.Document;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Five articles on one story, by five desks. */
final class NewsroomTest {

    static final String QUESTION =
            "How is the relationship between the companies changing, and why?";
    private static final Pattern QUOTE = Pattern.compile("“(.+?)”(?: …)? \\[([^\\]]+):\\d+\\]");
    private static final E5 EMBEDDER = new E5();

    @Test
    void whatDoesNotFitTogetherIsFoundAndEveryQuoteIsThere() throws Exception {
        Path folder = Path.of(System.getProperty("entrepot.root", ".."), "../shared/newsroom");
        assumeTrue(Files.isDirectory(folder), "skipped: ../shared/newsroom is not on this machine");
        Map<String, byte[]> files = Desk.folder(folder);
        String answer = new Desk(new Extract1(EMBEDDER), EMBEDDER, files).ask(QUESTION);

        assertQuotesAreVerbatim(answer, files);
        String checks = answer.substring(answer.indexOf("**Needs checking**"));
        assertThat(checks)
                .contains("“Sunday, April 13” [article-1.txt:3]: 13 April 2026 is a Monday")
                .containsPattern(
                        "“\\$50 billion” .*“up to \\$50 billion” .*“planned \\$50 billion”")
                .contains("One source only")
                .doesNotContain("April 9")
                .doesNotContain("Dates differ");
        assertThat(answer).doesNotContain("App Store").doesNotContain("Shared from");
    }

    @Test
    void theExampleBesideTheProjectShowsTheSame() throws Exception {
        Map<String, byte[]> files =
                Desk.folder(
                        Path.of(System.getProperty("entrepot.root", ".."), "examples/newsroom"));
        var desk = new Desk(new Extract1(EMBEDDER), EMBEDDER, files);
        String answer = desk.ask(QUESTION);

        assertQuotesAreVerbatim(answer, files);
        assertThat(answer.substring(answer.indexOf("**Needs checking**")))
                .contains("“Sunday, April 13” [1-memo-leaks.txt:5]: 13 April 2026 is a Monday")
                .contains("Elsewhere “Sunday, April 12” [4-the-sales-race.txt:3]")
                .contains("“up to $50 billion” [2-what-amazon-gets.txt:3]")
                .contains("“planned $50 billion” [4-the-sales-race.txt:7]")
                .contains("“an additional $250 billion” [3-microsofts-side.txt:5]")
                .doesNotContain("Dates differ")
                .doesNotContain("Amounts differ");
        assertThat(desk.ask("What share of revenue comes from business customers?"))
                .contains("40% of OpenAI's revenue");
        assertThat(desk.ask("Who is the treasurer of OpenAI?"))
                .contains("Not found in these documents");
        assertThat(desk.ask("Which vaccines are given to newborn elephants?"))
                .contains("Not found in these documents");
    }

    static void assertQuotesAreVerbatim(String answer, Map<String, byte[]> files) {
        Matcher quotes = QUOTE.matcher(answer);
        int count = 0;
        for (; quotes.find(); count++) {
            byte[] bytes = files.get(quotes.group(2));
            assertThat(bytes).as(quotes.group(2)).isNotNull();
            var document = new Document(quotes.group(2), new String(bytes, StandardCharsets.UTF_8));
            assertThat(document.says(quotes.group(1))).as(quotes.group()).isTrue();
        }
        assertThat(count).isGreaterThan(5);
    }
}
