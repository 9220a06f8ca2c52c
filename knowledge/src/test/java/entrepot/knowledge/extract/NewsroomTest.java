package entrepot.knowledge.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import entrepot.knowledge.embedding.E5;
import entrepot.knowledge.passages.Document;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Five articles on one story, by five desks. */
final class NewsroomTest {

    static final String QUESTION =
            "How is the relationship between the companies changing, and why?";
    private static final Pattern QUOTE = Pattern.compile("“(?:… )?(.+?)(?: …)?” \\[([^\\]]+):\\d+\\]");
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
