package entrepot.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.app.client.AgentTurn;
import entrepot.app.client.Api;
import entrepot.app.client.Outcome;
import entrepot.app.client.Progress;
import entrepot.app.server.Server;
import entrepot.app.settings.Setting;
import entrepot.app.settings.SettingsReader;
import entrepot.testkit.browser.Browser;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What a person sees: signs in, watches a session live, reads what it cost and who decided. */
class ConsoleBrowserTest {

    @TempDir Path folder = Path.of("");

    @Test
    void aPersonWatchesASessionAsItRuns() throws Exception {
        Optional<Path> program = Browser.program();
        Assumptions.assumeTrue(program.isPresent(), "no Chromium on this machine's PATH");
        Path notes = Files.createDirectory(folder.resolve("notes"));
        Files.writeString(notes.resolve("a.txt"), "The harbour was built in 1871 by the town.\n");
        Files.writeString(notes.resolve("b.txt"), "The harbour was built in 1874 by the town.\n");
        try (Server server = start("notes=" + notes);
                var api = new Api(URI.create(server.url()), server.firstKey().orElseThrow());
                Browser browser = Browser.start(program.get())) {
            var first = ask(api, "When was the harbour built?");
            browser.look(1360, 900, false);
            signIn(browser, server);
            seesTheSession(browser, first.sessionId());
            browser.screenshot(Path.of("target/console-session-light.png"));
            seesWhatComesLive(browser, api, first.sessionId());
            browser.look(1360, 900, true);
            browser.screenshot(Path.of("target/console-session-dark.png"));
            browser.open(server.url() + "/console/sessions");
            browser.screenshot(Path.of("target/console-sessions-dark.png"));
            browser.open(server.url() + "/console/receipts");
            browser.waitFor("document.querySelectorAll('tbody tr').length >= 3");
            browser.open(server.url() + "/console/models");
            browser.waitFor("document.body.innerText.includes('extracts')");
            assertThat(browser.complaints())
                    .as("what the browser complained about, but for the wrong key")
                    .hasSize(1)
                    .allMatch(complaint -> complaint.contains("403"));
        }
    }

    @Test
    void aPersonApprovesACallThatWaits() throws Exception {
        Optional<Path> program = Browser.program();
        Assumptions.assumeTrue(program.isPresent(), "no Chromium on this machine's PATH");
        Path notes = Files.createDirectory(folder.resolve("notes"));
        Files.writeString(notes.resolve("a.txt"), "The harbour was built in 1871 by the town.\n");
        Path policies = Files.createDirectories(folder.resolve("data/policies"));
        Files.writeString(
                policies.resolve("main.cedar"),
                """
                @id("ask") @mode("ask")
                forbid(principal, action == Entrepot::Action::"use_tool", resource)
                when { resource.name == "read_file" };
                """);
        try (Server server = start("notes=" + notes);
                var api = new Api(URI.create(server.url()), server.firstKey().orElseThrow());
                Browser browser = Browser.start(program.get())) {
            var asked = ask(api, "When was the harbour built?");
            assertThat(asked.status()).isEqualTo("requires_action");
            browser.look(1360, 900, false);
            signIn(browser, server);
            browser.waitFor("document.querySelector('#waiting').innerText === '1'");
            browser.act("document.querySelector(\"a[href='/console/approvals']\").click()");
            browser.waitFor("document.querySelector('form.answer')");
            browser.waitFor("document.querySelector('td b').innerText === 'folder/read_file'");
            browser.screenshot(Path.of("target/console-approvals-light.png"));
            browser.evaluate("document.querySelector('form.answer [name=note]').value = 'go on'");
            browser.act("document.querySelector('button[value=approve]').click()");
            browser.waitFor("document.querySelector('#approvals .empty')");
            browser.open(server.url() + "/console/sessions/" + asked.sessionId());
            browser.waitFor("document.body.innerText.includes('Approved')");
            browser.waitFor("document.querySelector('#items .cite')");
        }
    }

    @Test
    void anAnswerThatNoPageOfOursMadeIsRefused() throws Exception {
        try (Server server = start("");
                HttpClient http = HttpClient.newHttpClient()) {
            String key = server.firstKey().orElseThrow().reveal();
            var entered =
                    http.send(form(server, "/sign-in", "key=" + key), BodyHandlers.ofString());
            String cookie = entered.headers().firstValue("set-cookie").orElseThrow().split(";")[0];
            for (String token : new String[] {"", "&token=abc"}) {
                var request =
                        HttpRequest.newBuilder(
                                        form(
                                                server,
                                                "/approvals/sess_1/appr_1",
                                                "decision=approve" + token),
                                        (name, value) -> true)
                                .header("cookie", cookie)
                                .build();
                var answer = http.send(request, BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(403);
                assertThat(answer.body()).contains("not made for your sign-in");
            }
        }
    }

    private static HttpRequest form(Server server, String path, String body) {
        return HttpRequest.newBuilder(URI.create(server.url() + "/console" + path))
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    @Test
    void nobodySeesAPageWithoutAKey() throws Exception {
        try (Server server = start("");
                HttpClient http = HttpClient.newHttpClient()) {
            for (String page :
                    new String[] {"", "/sessions", "/sessions/sess_x", "/approvals", "/receipts"}) {
                var answer =
                        http.send(
                                HttpRequest.newBuilder(URI.create(server.url() + "/console" + page))
                                        .build(),
                                BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(page).isEqualTo(303);
                assertThat(answer.headers().firstValue("location")).contains("/console/sign-in");
                assertThat(answer.headers().firstValue("content-security-policy").orElse(""))
                        .contains("script-src 'self'")
                        .doesNotContain("unsafe");
            }
        }
    }

    private static void signIn(Browser browser, Server server) throws InterruptedException {
        browser.open(server.url() + "/console");
        browser.waitFor("location.pathname === '/console/sign-in'");
        browser.act(
                "document.getElementById('key').value = 'ek_wrong';"
                        + "document.querySelector('form').submit()");
        browser.waitFor("document.querySelector('.wrong')");
        browser.act(
                "document.getElementById('key').value = '"
                        + server.firstKey().orElseThrow().reveal()
                        + "'; document.querySelector('form').submit()");
        browser.waitFor("location.pathname === '/console/sessions'");
    }

    private static void seesTheSession(Browser browser, String session)
            throws InterruptedException {
        browser.waitFor("document.querySelector(\"a[href='/console/sessions/" + session + "']\")");
        browser.act("document.querySelector('tbody a').click()");
        browser.waitFor("location.pathname.endsWith('" + session + "')");
        browser.waitFor("document.querySelectorAll('.moment.tool').length >= 3");
        browser.waitFor("document.querySelector('#items .cite')");
        browser.waitFor("document.querySelectorAll('#receipts .gate').length >= 3");
    }

    private void seesWhatComesLive(Browser browser, Api api, String session) throws Exception {
        int before = browser.evaluate("document.querySelectorAll('.moment').length").asInt();
        api.post("/v1/agents/sessions/" + session + "/events", message("And who built it?"));
        browser.waitFor("document.querySelectorAll('.moment').length > " + before);
        browser.waitFor("[...document.querySelectorAll('.moment.good')].length === 2");
        browser.waitFor("document.querySelectorAll('.item.user').length === 2");
    }

    private static ObjectNode message(String text) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode event = body.putArray("events").addObject();
        event.put("type", "agent.session.input.message");
        ObjectNode message = event.putArray("input").addObject().put("type", "message");
        message.put("role", "user");
        message.putArray("content").addObject().put("type", "input_text").put("text", text);
        return body;
    }

    private static Outcome ask(Api api, String question) throws Exception {
        return AgentTurn.create(
                api, AgentTurn.readerOf("notes", "entrepot/extract-1", question), Progress.SILENT);
    }

    private Server start(String folders) {
        var given = new EnumMap<Setting, String>(Setting.class);
        given.put(Setting.PORT, "0");
        given.put(Setting.DATA, folder.resolve("data").toString());
        if (!folders.isEmpty()) {
            given.put(Setting.FOLDERS, folders);
        }
        return Server.start(
                SettingsReader.read(given, Map.of("HOME", folder.toString())), Map.of());
    }
}
