package entrepot.runtime.tools.web;

import entrepot.http.Headers;
import entrepot.identity.Secret;
import entrepot.runtime.outside.Outside;

import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A search engine that answers in JSON: SearXNG ({@code /search}, with JSON among its formats) or
 * Brave ({@code https://api.search.brave.com/res/v1/web/search}, with a key).
 */
public final class SearchProvider {

    private static final int ANSWER_BYTES_MAX = 4 << 20;
    private static final long MILLIS_MAX = 15_000;
    private static final int TEXT_CHARS_MAX = 1_000;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Outside outside;
    private final URI url;
    private final @Nullable Secret key;

    /**
     * @param url where to ask; it is the operator's word, so that it may be inside
     * @param key null for none
     */
    public SearchProvider(Outside outside, URI url, @Nullable Secret key) {
        this.outside = outside;
        this.url = url;
        this.key = key;
    }

    /** A page that was found. */
    record Hit(String title, String url, String excerpt) {}

    /** It did not answer; the message is for the model. */
    static final class NoResults extends Exception {
        private static final long serialVersionUID = 1L;

        NoResults(String message) {
            super(message);
        }
    }

    List<Hit> search(String query) throws NoResults, InterruptedException {
        String asked =
                url
                        + (url.getRawQuery() == null ? "?" : "&")
                        + "q="
                        + URLEncoder.encode(query, StandardCharsets.UTF_8)
                        + "&format=json";
        Headers headers = Headers.of("accept", "application/json");
        if (key != null) {
            headers = headers.plus("x-subscription-token", key.reveal());
        }
        try {
            Outside.Answer answer =
                    outside.callAnywhere(
                            new Outside.Asking(
                                    "GET",
                                    URI.create(asked),
                                    headers,
                                    new byte[0],
                                    ANSWER_BYTES_MAX,
                                    MILLIS_MAX));
            if (answer.status() != 200) {
                throw new NoResults("The search engine answered " + answer.status() + ".");
            }
            return hits(JSON.readTree(answer.body()));
        } catch (Outside.NoAnswer | JacksonException e) {
            throw new NoResults("The search engine did not answer; try again later.");
        }
    }

    private static List<Hit> hits(JsonNode json) {
        JsonNode own = json.path("results");
        JsonNode results = own.isArray() ? own : json.at("/web/results");
        var hits = new ArrayList<Hit>();
        for (JsonNode result : results) {
            String address = result.path("url").asString("");
            if (!address.isEmpty()) {
                String excerpt = result.path("content").asString("");
                hits.add(
                        new Hit(
                                plain(result.path("title").asString("")),
                                address,
                                plain(
                                        excerpt.isEmpty()
                                                ? result.path("description").asString("")
                                                : excerpt)));
            }
        }
        return hits;
    }

    private static String plain(String html) {
        String text = Jsoup.parse(html).text();
        return text.length() <= TEXT_CHARS_MAX
                ? text
                : text.substring(0, text.offsetByCodePoints(0, TEXT_CHARS_MAX / 2)) + "…";
    }
}
