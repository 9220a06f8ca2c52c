package entrepot.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.app.server.Server;
import entrepot.app.settings.Setting;
import entrepot.app.settings.SettingsReader;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** The console's pages on limits, capacity and contracts, as a browser gets them. */
class MarketPagesTest extends CommandLine {

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void eachPageSaysWhatIsInForce() throws Exception {
        copy("catalogue.yaml");
        copy("contracts/press.yaml");
        try (var server = start()) {
            assertThat(run(server, limit("12.5", "<b>press</b>"))).as(complained()).isZero();
            String cookie = signIn(server);
            assertThat(page(server, cookie, "limits"))
                    .contains("aria-current=\"page\">Limits")
                    .contains("12.5 USD a month for team research", "0 %", "0 USD")
                    .contains("&lt;b&gt;press&lt;/b&gt;")
                    .doesNotContain("<b>press</b>");
            assertThat(page(server, cookie, "capacity"))
                    .contains("50 PTU", "has room", "0 % of a minute", "acme/one");
            assertThat(page(server, cookie, "contracts"))
                    .contains("first-refusal", "press-cloud/refusal", "press.yaml:");
            HttpResponse<String> none = get(server, cookie, "nothing");
            assertThat(none.statusCode()).isEqualTo(404);
            assertThat(get(server, "", "contracts").statusCode())
                    .as("nobody who is not signed in")
                    .isEqualTo(303);
        }
    }

    @Test
    void whatIsNotThereIsSaid() throws Exception {
        try (var server = start()) {
            String cookie = signIn(server);
            assertThat(page(server, cookie, "limits")).contains("No limit is set");
            assertThat(page(server, cookie, "capacity"))
                    .contains("No units are reserved", "No commitment of this tenant");
            assertThat(page(server, cookie, "contracts")).contains("No clause is in force");
        }
    }

    private static String[] limit(String amount, String name) {
        return new String[] {
            "limits", "create", "money", amount, "--of", "team", "--id", "research", "--name", name
        };
    }

    private String page(Server server, String cookie, String name) throws Exception {
        HttpResponse<String> page = get(server, cookie, name);
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        return page.body();
    }

    private HttpResponse<String> get(Server server, String cookie, String name) throws Exception {
        var asked =
                HttpRequest.newBuilder(URI.create(server.url() + "/console/" + name))
                        .header("cookie", cookie)
                        .build();
        return http.send(asked, BodyHandlers.ofString());
    }

    private String signIn(Server server) throws Exception {
        String key = server.firstKey().orElseThrow().reveal();
        var form =
                HttpRequest.newBuilder(URI.create(server.url() + "/console/sign-in"))
                        .header("content-type", "application/x-www-form-urlencoded")
                        .header("origin", server.url())
                        .POST(
                                BodyPublishers.ofString(
                                        "key=" + URLEncoder.encode(key, StandardCharsets.UTF_8)))
                        .build();
        HttpResponse<String> answer = http.send(form, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return answer.headers().firstValue("set-cookie").orElseThrow().split(";")[0];
    }

    private void copy(String file) throws IOException {
        Path to = folder.resolve(file);
        Files.createDirectories(Objects.requireNonNull(to.getParent()));
        Path from =
                Path.of(Objects.requireNonNull(System.getProperty("entrepot.root", "..")))
                        .resolve("examples/capacity")
                        .resolve(file);
        // Without the keys of suppliers, which nobody has here and nothing asks for.
        Files.writeString(to, Files.readString(from).replaceAll(" +key_env: .*\n", ""));
    }

    private Server start() {
        var flags = Map.of(Setting.PORT, "0");
        return Server.start(SettingsReader.read(flags, environment()), environment());
    }
}
