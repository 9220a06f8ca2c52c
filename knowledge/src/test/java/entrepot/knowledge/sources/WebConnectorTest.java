package entrepot.knowledge.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.http.ClientSettings;
import entrepot.http.HttpClient;
import entrepot.http.PublicAddresses;
import entrepot.http.engine.HttpClients;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class WebConnectorTest {

    private @Nullable Site opened;

    @BeforeEach
    void openSite() throws IOException {
        Site site = new Site();
        opened = site;
        site.replies.put(
                "/robots.txt",
                Site.Reply.html("User-agent: *\nDisallow: /private/\nAllow: /private/open\n"));
        site.replies.put(
                "/",
                Site.Reply.html(
                        "<title>Home</title><a href='/a'>a</a> <a href=\"/private/x\">x</a>"
                                + "<a href='http://other.example/b'>b</a><a href='/old'>old</a>"));
        site.replies.put(
                "/a",
                new Site.Reply(
                        200,
                        "text/html",
                        "<p>Page A.</p><a href='/a/deep?x=1&amp;y=2#part'>deep</a>"
                                .getBytes(StandardCharsets.UTF_8),
                        Map.of("ETag", "\"one\"")));
        site.replies.put("/a/deep?x=1&y=2", Site.Reply.html("<p>Deep.</p><a href='/a'>up</a>"));
        site.replies.put("/old", Site.Reply.status(301, Map.of("Location", "/new")));
        site.replies.put("/new", Site.Reply.html("<p>New.</p>"));
        site.replies.put("/private/x", Site.Reply.html("<p>Private.</p>"));
        site.replies.put("/private/open", Site.Reply.html("<p>Open.</p>"));
        site.replies.put(
                "/hidden",
                Site.Reply.html("<meta name=\"robots\" content=\"noindex\"><p>Hidden.</p>"));
        site.replies.put(
                "/sitemap.xml",
                Site.Reply.html(
                        "<urlset><url><loc>"
                                + site.at("/private/open")
                                + "</loc></url><url><loc>"
                                + site.at("/hidden")
                                + "</loc></url></urlset>"));
    }

    @AfterEach
    void closeSite() {
        site().close();
    }

    private Site site() {
        return Objects.requireNonNull(opened);
    }

    private WebConnector open(int pagesMax, int depthMax) throws SourceFailed {
        return new WebConnector(
                new SourceSettings.Web(site().at("/"), pagesMax, depthMax, Duration.ZERO, true),
                Access.EVERYONE,
                site().client);
    }

    private List<String> paths(Listing listing) {
        String host = site().at("").toString();
        return listing.entries().stream()
                .map(entry -> entry.id().substring(host.length()))
                .sorted()
                .toList();
    }

    @Test
    void readsTheHostAsItsRobotsAllow() throws Exception {
        try (WebConnector web = open(100, 5)) {
            Listing listing = web.list(null, count -> {});
            assertThat(paths(listing))
                    .containsExactly("/", "/a", "/a/deep?x=1&y=2", "/new", "/private/open");
            assertThat(site().asked).doesNotContain("/private/x");
            Entry a =
                    listing.entries().stream()
                            .filter(entry -> entry.id().endsWith("/a"))
                            .findFirst()
                            .orElseThrow();
            Content content = web.read(a);
            assertThat(new String(content.bytes(), StandardCharsets.UTF_8)).contains("Page A.");
            assertThat(content.revision()).isEqualTo("\"one\"");
            assertThat(content.contentType()).isEqualTo("text/html");
        }
    }

    @Test
    void pagesAndDepthAreLimited() throws Exception {
        try (WebConnector web = open(2, 5)) {
            Listing listing = web.list(null, count -> {});
            assertThat(listing.entries()).hasSize(2);
            assertThat(listing.warnings()).anyMatch(w -> w.contains("first 2 pages"));
        }
        try (WebConnector web = open(100, 1)) {
            assertThat(paths(web.list(null, count -> {})))
                    .containsExactly("/", "/a", "/private/open");
        }
    }

    @Test
    void asksOnlyForWhatHasChanged() throws Exception {
        String cursor;
        try (WebConnector web = open(100, 5)) {
            cursor = web.list(null, count -> {}).cursor();
        }
        site().replies.remove("/new");
        try (WebConnector web = open(100, 5)) {
            Listing listing = web.list(cursor, count -> {});
            assertThat(paths(listing))
                    .as("links of what has not changed are known")
                    .containsExactly("/", "/a", "/a/deep?x=1&y=2", "/private/open");
            Entry a =
                    listing.entries().stream()
                            .filter(entry -> entry.id().endsWith("/a"))
                            .findFirst()
                            .orElseThrow();
            assertThat(new String(web.read(a).bytes(), StandardCharsets.UTF_8))
                    .as("read again when asked, though the listing did not fetch it")
                    .contains("Page A.");
        }
    }

    @Test
    void robotsThatCannotBeReadForbidEverything() throws Exception {
        site().replies.put("/robots.txt", Site.Reply.status(503, Map.of()));
        try (WebConnector web = open(100, 5)) {
            assertThatThrownBy(() -> web.list(null, count -> {}))
                    .isInstanceOf(SourceFailed.class)
                    .hasMessageContaining("503");
        }
        assertThat(site().asked).containsExactly("/robots.txt");
    }

    @Test
    void innerAddressesAreNotCalledUnlessAllowed() throws Exception {
        var settings = new ClientSettings(10, false, List.of(), PublicAddresses::isPublic);
        var place = new SourceSettings.Web(site().at("/"), 10, 1, Duration.ZERO, false);
        try (HttpClient outside = HttpClients.open(settings);
                var web = new WebConnector(place, Access.EVERYONE, outside)) {
            assertThatThrownBy(() -> web.list(null, count -> {}))
                    .isInstanceOf(SourceFailed.class)
                    .hasMessageContaining("private_addresses: yes");
        }
        assertThat(site().asked).isEmpty();
    }

    @Test
    void theLongestRuleOfRobotsDecides() {
        Robots robots =
                Robots.of(
                        """
                        User-agent: other
                        Disallow: /

                        User-agent: *
                        Disallow: /no
                        Allow: /no/but
                        Disallow: /*.pdf$
                        Sitemap: /map.xml
                        """);
        assertThat(robots.allows("/")).isTrue();
        assertThat(robots.allows("/no/x")).isFalse();
        assertThat(robots.allows("/no/but/this")).isTrue();
        assertThat(robots.allows("/x/y.pdf")).isFalse();
        assertThat(robots.allows("/x/y.pdf?z")).isTrue();
        assertThat(robots.sitemaps()).containsExactly("/map.xml");
        assertThat(
                        Robots.of("User-agent: *\nDisallow: /\n\nUser-agent: entrepot\nDisallow:\n")
                                .allows("/x"))
                .isTrue();
    }
}
