package entrepot.runtime.tools.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failed;
import entrepot.conversation.Part;
import entrepot.http.Headers;
import entrepot.http.ServerSettings;
import entrepot.http.engine.HttpServer;
import entrepot.runtime.outside.Outside;
import entrepot.runtime.outside.Reach;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServers;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

class WebToolsTest {

    private static final String PAGE =
            """
            <html><head><title>Tides</title><script>steal()</script></head>
            <body><nav><a>Home</a></nav><h1>Tide table</h1><p>High water at <b>nine</b>.</p>
            <ul><li>Low at three.</li></ul></body></html>
            """;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final HttpServer web =
            HttpServer.start(
                    ServerSettings.loopback(0),
                    exchange -> {
                        asked.add(exchange.path() + "?" + exchange.query());
                        switch (exchange.path()) {
                            case "/search" ->
                                    exchange.respond(
                                            200,
                                            Headers.of("content-type", "application/json"),
                                            results().getBytes(UTF_8));
                            case "/page" ->
                                    exchange.respond(
                                            200,
                                            Headers.of("content-type", "text/html"),
                                            PAGE.getBytes(UTF_8));
                            case "/inside" ->
                                    exchange.respond(
                                            302,
                                            Headers.of("location", "http://10.0.0.1/secret"),
                                            new byte[0]);
                            case "/loop" ->
                                    exchange.respond(
                                            302, Headers.of("location", "/loop"), new byte[0]);
                            case "/image" ->
                                    exchange.respond(
                                            200,
                                            Headers.of("content-type", "image/png"),
                                            new byte[] {1});
                            default -> exchange.respond(404, Headers.NONE, new byte[0]);
                        }
                    });
    private final Outside outside = new Outside(new Reach(List.of("127.0.0.1:" + web.port())));

    private static String results() {
        return """
        {"results": [
          {"title": "Tide <b>table</b>", "url": "https://sea.example/t", "content": "Nine."},
          {"title": "Other", "url": "https://evil.test/sea.example", "content": "No."},
          {"title": "Below", "url": "https://a.sea.example/x", "content": "Three."}]}
        """;
    }

    @AfterEach
    void close() {
        outside.close();
        web.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + web.port() + path;
    }

    private WebTools tools() {
        return new WebTools(outside, new SearchProvider(outside, URI.create(url("/search")), null));
    }

    private static ToolServers.Context context(@Nullable String session) {
        return new ToolServers.Context("acme", "core", "ada", session, List.of(), null);
    }

    private ToolServer server(String mode, String... domains) {
        var settings = new WebTools.Settings(mode, "medium", List.of(domains));
        return tools().find(settings.spec(), context("sess_1")).orElseThrow();
    }

    private static String use(ToolServer server, String tool, String arguments)
            throws InterruptedException {
        ToolServer.Result result =
                server.use(new ToolServer.Use("acme", "sess_1", tool, arguments, "key"));
        return (result.failed() ? "failed: " : "")
                + ((Part.Text) result.output().getFirst()).text();
    }

    @Test
    void searchesAndKeepsToTheDomainsThatAreAllowed() throws Exception {
        assertThat(use(server("live"), "web_search", "{\"query\":\"tides & ships\"}"))
                .contains("\"title\":\"Tide table\"")
                .contains("evil.test");
        assertThat(asked).containsExactly("/search?q=tides+%26+ships&format=json");
        assertThat(use(server("live", "sea.example"), "web_search", "{\"query\":\"tides\"}"))
                .contains("https://sea.example/t")
                .contains("https://a.sea.example/x")
                .doesNotContain("evil.test");
    }

    @Test
    void readsAPageAsText() throws Exception {
        assertThat(use(server("live"), "open_page", "{\"url\":\"" + url("/page") + "\"}"))
                .contains("\"title\":\"Tides\"")
                .contains("Tide table\\nHigh water at nine.\\nLow at three.")
                .doesNotContain("steal")
                .doesNotContain("Home");
    }

    @Test
    void readsNothingInsideNorElsewhere() throws Exception {
        for (String address :
                List.of(
                        url("/inside"),
                        "http://10.0.0.1/",
                        "http://169.254.169.254/latest/meta-data",
                        "https://localhost:1/",
                        "file:///etc/passwd",
                        "nonsense")) {
            assertThat(use(server("live"), "open_page", "{\"url\":\"" + address + "\"}"))
                    .startsWith("failed: ");
        }
        String page = "{\"url\":\"" + url("/page") + "\"}";
        assertThat(use(server("live", "sea.example"), "open_page", page))
                .startsWith("failed: ")
                .contains("sea.example");
        assertThat(use(server("live"), "open_page", "{\"url\":\"" + url("/loop") + "\"}"))
                .contains("leads on");
        assertThat(use(server("live"), "open_page", "{\"url\":\"" + url("/image") + "\"}"))
                .contains("image/png");
        assertThat(use(server("live"), "open_page", "{\"url\":\"" + url("/gone") + "\"}"))
                .contains("404");
    }

    @Test
    void disabledItOffersNothing() throws Exception {
        assertThat(server("disabled").offers()).isEmpty();
        assertThat(server("live").offers()).hasSize(2);
        assertThat(use(server("disabled"), "web_search", "{\"query\":\"x\"}"))
                .startsWith("failed: ");
        assertThat(use(server("disabled"), "open_page", "{\"url\":\"" + url("/page") + "\"}"))
                .startsWith("failed: ");
        assertThat(asked).isEmpty();
    }

    @Test
    void withoutASearchEngineAnAgentIsRefusedWithWhatWouldHelp() {
        var none = new WebTools(outside, null);
        var live = new WebTools.Settings("live", "medium", List.of()).spec();
        assertThatThrownBy(() -> none.find(live, context(null)))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("web.yaml");
        assertThatThrownBy(() -> none.find(live, context("sess_1")).orElseThrow().offers())
                .hasMessageContaining("not set up");
        var off = new WebTools.Settings("disabled", "medium", List.of()).spec();
        assertThat(none.find(off, context(null))).isPresent();
    }
}
