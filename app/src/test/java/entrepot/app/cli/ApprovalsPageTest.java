package entrepot.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.app.client.AgentTurn;
import entrepot.app.client.Api;
import entrepot.app.client.Progress;
import entrepot.app.server.Server;
import entrepot.app.settings.Setting;
import entrepot.app.settings.SettingsReader;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/** What docs/approvals.md shows works as it stands, with a whole server and its command line. */
class ApprovalsPageTest extends CommandLine {

    private static final Pattern FILES =
            Pattern.compile("`(policies/[\\w.]+)`:\n\n```\\w+\n(.*?)```", Pattern.DOTALL);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String QUESTION = "When was the harbour built?";

    @Test
    void thePoliciesOfThePageAreCheckedAndTested() throws IOException {
        write();
        String policies = folder.resolve("policies").toString();
        assertThat(run("policies", "check", policies)).as(complained()).isZero();
        assertThat(run("policies", "test", policies)).as(printed()).isZero();
        assertThat(told()).contains("ok    the desk is asked").contains("3 cases, 0 failed");
    }

    @Test
    void theCommandLineApprovesAndDenies() throws Exception {
        write();
        try (Server server = start();
                var api = new Api(URI.create(server.url()), server.firstKey().orElseThrow())) {
            assertThat(run(server, "approvals", "list")).isZero();
            assertThat(told()).contains("Nothing waits for approval.");
            String first = ask(api);
            JsonNode asked = api.get("/v1/approvals").path("data").get(0);
            String id = asked.path("id").asString("");
            assertThat(run(server, "approvals", "list")).isZero();
            assertThat(told())
                    .contains(id)
                    .contains("folder/read_file")
                    .contains(first)
                    .contains("ask-before-reading (main.cedar:1)")
                    .contains("somebody of the desk approves it");
            assertThat(run(server, "approvals", "approve", id, "--note", "go on")).isZero();
            assertThat(told()).contains("folder/read_file is approved").contains(first);
            until(api, first);
            assertThat(items(api, first)).contains("1871").contains("\"status\":\"completed\"");
            assertThat(run(server, "approvals", "approve", id)).isEqualTo(1);
            assertThat(told()).contains("Nothing waits under " + id).contains("approvals list");

            String second = ask(api);
            id = api.get("/v1/approvals").path("data").get(0).path("id").asString("");
            assertThat(run(server, "approvals", "deny", id, "--note", "not today")).isZero();
            assertThat(told()).contains("folder/read_file is denied");
            until(api, second);
            assertThat(items(api, second)).contains("not today");
        }
    }

    private static String ask(Api api) throws Exception {
        var turn =
                AgentTurn.create(
                        api,
                        AgentTurn.readerOf("notes", "entrepot/extract-1", QUESTION),
                        Progress.SILENT);
        assertThat(turn.status()).as(turn.error()).isEqualTo("requires_action");
        return turn.sessionId();
    }

    private static void until(Api api, String session) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String status;
        do {
            status = api.get("/v1/agents/sessions/" + session).path("status").asString("");
            if (status.equals("idle")) {
                return;
            }
        } while (System.nanoTime() < end);
        throw new AssertionError("the session is " + status);
    }

    private static String items(Api api, String session) throws Exception {
        return api.get("/v1/agents/sessions/" + session + "/items").toString();
    }

    private void write() throws IOException {
        Files.createDirectories(folder.resolve("policies"));
        Path root = Path.of(System.getProperty("entrepot.root", ".."));
        String page = Files.readString(root.resolve("docs/approvals.md"));
        for (var file = FILES.matcher(page); file.find(); ) {
            Files.writeString(folder.resolve(file.group(1)), file.group(2));
        }
    }

    private Server start() throws IOException {
        Path notes = Files.createDirectory(folder.resolve("notes"));
        Files.writeString(notes.resolve("a.txt"), "The harbour was built in 1871 by the town.\n");
        var flags = Map.of(Setting.PORT, "0", Setting.FOLDERS, "notes=" + notes);
        return Server.start(SettingsReader.read(flags, environment()), environment());
    }
}
