package entrepot.runtime.tools.web;

import entrepot.http.Headers;
import entrepot.runtime.outside.Outside;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Fetches pages of the public web as text. Each address on the way is judged before it is called.
 */
final class PageReader {

    private static final int PAGE_BYTES_MAX = 2 << 20;
    private static final long MILLIS_MAX = 20_000;
    private static final int REDIRECTS_MAX = 5;

    private final Outside outside;

    PageReader(Outside outside) {
        this.outside = outside;
    }

    /** A page as it was read. */
    record Page(String url, String title, String text) {}

    /** It cannot be read; the message is for the model. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message);
        }
    }

    Page read(String url, Domains domains) throws Unreadable, InterruptedException {
        String next = url;
        for (int hop = 0; hop <= REDIRECTS_MAX; hop++) {
            if (!domains.allows(next)) {
                throw new Unreadable(
                        next
                                + " is not in the domains that may be read here: "
                                + String.join(", ", domains.allowed()));
            }
            var objection = outside.reach().objection(next);
            if (objection.isPresent()) {
                throw new Unreadable(next + " cannot be read: " + objection.get());
            }
            Outside.Answer answer = ask(next);
            String location = answer.headers().get("location");
            if (answer.status() / 100 == 3 && location != null) {
                next = resolved(next, location);
            } else if (answer.status() / 100 == 2) {
                return page(next, answer);
            } else {
                throw new Unreadable(next + " answered " + answer.status() + ".");
            }
        }
        throw new Unreadable(url + " leads on more than " + REDIRECTS_MAX + " times.");
    }

    private Outside.Answer ask(String url) throws Unreadable, InterruptedException {
        try {
            return outside.call(
                    new Outside.Asking(
                            "GET",
                            URI.create(url),
                            Headers.of("accept", "text/html, text/plain;q=0.9, */*;q=0.1")
                                    .plus("user-agent", "Entrepot/1 (page reader)"),
                            new byte[0],
                            PAGE_BYTES_MAX,
                            MILLIS_MAX));
        } catch (Outside.NoAnswer e) {
            throw new Unreadable(url + " cannot be read: " + e.getMessage());
        }
    }

    private static String resolved(String url, String location) throws Unreadable {
        try {
            return URI.create(url).resolve(location).toString();
        } catch (IllegalArgumentException e) {
            throw new Unreadable(url + " leads to what is no address.");
        }
    }

    private static Page page(String url, Outside.Answer answer) throws Unreadable {
        String given = answer.headers().get("content-type");
        String type = given == null ? "text/html" : given.toLowerCase(Locale.ROOT);
        if (type.contains("html") || type.contains("xml")) {
            return html(url, answer.body());
        }
        if (type.startsWith("text/") || type.startsWith("application/json")) {
            return new Page(url, "", new String(answer.body(), StandardCharsets.UTF_8));
        }
        throw new Unreadable(url + " is " + type + ", which is not read as text.");
    }

    private static Page html(String url, byte[] body) throws Unreadable {
        try {
            Document document = Jsoup.parse(new ByteArrayInputStream(body), null, url);
            document.select("script, style, noscript, template, svg, nav, header, footer").remove();
            var text = new StringBuilder();
            document.select("h1, h2, h3, h4, p, li, pre, td, th, blockquote, dt, dd")
                    .forEach(element -> {
                        String own =
                                element.tagName().equals("pre")
                                        ? element.wholeText()
                                        : element.text();
                        if (!own.isBlank()) {
                            text.append(own.strip()).append('\n');
                        }
                    });
            return new Page(
                    url, document.title(), text.isEmpty() ? document.text() : text.toString());
        } catch (IOException e) {
            throw new Unreadable(url + " cannot be read as a page.");
        }
    }
}
