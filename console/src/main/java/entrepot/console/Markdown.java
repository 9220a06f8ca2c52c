package entrepot.console;

import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

import java.util.regex.Pattern;

/**
 * A model's Markdown as HTML. Raw HTML is escaped, addresses are sanitised and images are left out,
 * so that an answer can neither run a script nor fetch anything.
 */
final class Markdown {

    /** A source mark of a briefing, such as {@code [note.txt:12]}. */
    private static final Pattern CITATION =
            Pattern.compile("\\[([^\\[\\]<>\\s]{1,120}:\\d{1,7})\\](?!\\()");

    private static final Parser PARSER = Parser.builder().build();
    private static final HtmlRenderer RENDERER =
            HtmlRenderer.builder().escapeHtml(true).sanitizeUrls(true).build();

    private Markdown() {}

    static String html(String text) {
        String html = RENDERER.render(PARSER.parse(text)).replaceAll("<img [^>]*>", "");
        return CITATION.matcher(html).replaceAll("<span class=\"cite\">$1</span>");
    }
}
