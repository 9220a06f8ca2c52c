package entrepot.knowledge.extraction.child;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;

/** The text of a web page: headings as {@code #}, items as {@code -}, rows as {@code |}. */
final class HtmlText {

    private static final String FURNITURE =
            "script, style, noscript, template, svg, iframe, nav, header nav, footer, form, button,"
                    + " [hidden], [aria-hidden=true]";
    private static final Set<String> BLOCKS =
            Set.of(
                    "p",
                    "div",
                    "section",
                    "article",
                    "main",
                    "blockquote",
                    "dd",
                    "dt",
                    "dl",
                    "ul",
                    "ol",
                    "table",
                    "thead",
                    "tbody",
                    "figure",
                    "figcaption",
                    "header",
                    "aside",
                    "body",
                    "details",
                    "summary",
                    "address",
                    "hr");
    private static final int DEPTH_MAX = 400;

    private final TextOut out;
    private final StringBuilder open = new StringBuilder();

    private HtmlText(TextOut out) {
        this.out = out;
    }

    static Parsed parse(byte[] bytes, int charsMax) throws IOException, Unreadable {
        Document page = Jsoup.parse(new ByteArrayInputStream(bytes), null, "");
        String title = page.title();
        page.select(FURNITURE).remove();
        var html = new HtmlText(new TextOut(charsMax));
        html.inside(page.body(), 0);
        html.close();
        Parsed parsed = html.out.done(title);
        if (parsed.text().isBlank()) {
            throw new Unreadable("The page holds no text without its scripts.");
        }
        return parsed;
    }

    private void inside(Node parent, int depth) throws Unreadable {
        if (depth > DEPTH_MAX) {
            throw new Unreadable("The page is nested more than " + DEPTH_MAX + " deep.");
        }
        for (Node node : parent.childNodes()) {
            if (out.isFull()) {
                return;
            }
            if (node instanceof TextNode text) {
                open.append(text.text());
            } else if (node instanceof Element element) {
                element(element, depth + 1);
            }
        }
    }

    private void element(Element element, int depth) throws Unreadable {
        String tag = element.normalName();
        switch (tag) {
            case "h1", "h2", "h3", "h4", "h5", "h6" -> {
                close();
                String words = element.text();
                out.block(words.isBlank() ? "" : "#".repeat(tag.charAt(1) - '0') + " " + words);
            }
            case "li" -> {
                close();
                open.append("- ");
                inside(element, depth);
                close();
            }
            case "tr" -> {
                close();
                out.line(
                        element.children().stream()
                                .map(Element::text)
                                .collect(Collectors.joining(" | ", "| ", " |")));
            }
            case "br" -> open.append('\n');
            case "pre" -> {
                close();
                out.block("```\n" + element.wholeText().strip() + "\n```");
            }
            default -> {
                boolean block = BLOCKS.contains(tag);
                if (block) {
                    close();
                }
                inside(element, depth);
                if (block) {
                    close();
                }
            }
        }
    }

    private void close() {
        String words = open.toString().replaceAll("[ \\t\\x0B\\f\\r\\u00a0]+", " ").strip();
        open.setLength(0);
        if (words.startsWith("- ")) {
            out.line(words);
        } else if (!words.equals("-")) {
            out.block(words);
        }
    }
}
