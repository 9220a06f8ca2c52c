package entrepot.app.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import entrepot.app.settings.Setting;
import entrepot.app.settings.SettingsReader;
import entrepot.runtime.sandbox.Sandbox;
import entrepot.runtime.sandbox.SandboxSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the pages of examples tell people to type works as it stands. */
class ExamplesTest {

    private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    @TempDir Path folder = Path.of("");

    @Test
    void keptResponses() throws Exception {
        String told = run("examples/responses.md", Map.of());
        assertThat(told)
                .contains("The gate opens at nine.")
                .contains("\"object\":\"conversation.deleted\"")
                .contains("\"object\":\"response.compaction\"")
                .contains("event: response.completed");
    }

    @Test
    void companyData() throws Exception {
        Path settings =
                Path.of(System.getProperty("entrepot.root", ".."))
                        .resolve("examples/knowledge/entrepot.yaml");
        String told = run("docs/knowledge.md", Map.of(Setting.CONFIG, settings.toString()));
        String[] searches = told.split("\"weak\":");
        assertThat(searches).hasSizeGreaterThan(3);
        assertThat(searches[0])
                .contains("Everyone has twenty-eight days of paid leave a year.")
                .contains("\"document\":\"leave.md\"");
        assertThat(searches[1]).doesNotContain("works in the north").doesNotContain("plan.md");
        assertThat(searches[2]).contains("The works in the north are sold");
        assertThat(told)
                .contains("search_knowledge")
                .contains("agent.session.turn.completed")
                .contains("A hotel costs at most 140 euros a night.");
    }

    @Test
    void environments() throws Exception {
        try (var sandbox = new Sandbox(SandboxSettings.DEFAULT)) {
            String refusal = sandbox.refusal();
            assumeTrue(refusal == null, "bubblewrap does not run here: " + refusal);
        }
        assertThat(run("docs/environments.md", Map.of()))
                .contains("loud.txt")
                .contains("THE GATE OPENS AT NINE.")
                .contains("The gate opens at nine.");
    }

    @Test
    void memory() throws Exception {
        assertThat(run("docs/memory.md", Map.of()))
                .contains("\"excerpt\":\"The gate opens at nine.\"")
                .contains("\"operation\":\"created\"")
                .contains(":read_only\"");
    }

    @Test
    void automations() throws Exception {
        assertThat(run("docs/automations.md", Map.of()))
                .contains("\"type\":\"manual\"")
                .contains("\"status\":\"completed\"")
                .contains("\"status\":\"paused\"");
    }

    @Test
    void webhooks() throws Exception {
        assertThat(run("docs/webhooks.md", Map.of()))
                .contains("\"signing_secret\":\"whsec_")
                .contains("webhook_endpoint.deleted");
    }

    @Test
    void skills() throws Exception {
        assertThat(run("docs/skills.md", Map.of()))
                .contains("\"default_version\":\"2\"")
                .contains("\"type\":\"skill_reference\"");
    }

    /** Runs all commands of a page, each of which must succeed. */
    private String run(String page, Map<Setting, String> more) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "/usr/bin/curl is not there");
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "/bin/bash is not there");
        Path root = Path.of(System.getProperty("entrepot.root", ".."));
        String text = Files.readString(root.resolve(page));
        String script =
                COMMANDS.matcher(text)
                        .results()
                        .map(found -> found.group(1))
                        .collect(Collectors.joining("\n", "set -e -o pipefail\n", "\n"));
        var flags = new EnumMap<Setting, String>(Setting.class);
        flags.put(Setting.PORT, "0");
        flags.put(Setting.DATA, folder.resolve("data").toString());
        flags.putAll(more);
        try (var server =
                Server.start(
                        SettingsReader.read(flags, Map.of("HOME", folder.toString())), Map.of())) {
            Path output = folder.resolve("output");
            var process =
                    new ProcessBuilder(List.of("/bin/bash", "-c", script))
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile());
            process.environment().put("OPENAI_BASE_URL", server.url() + "/v1");
            process.environment().put("OPENAI_API_KEY", server.firstKey().orElseThrow().reveal());
            int status = process.start().waitFor();
            String told = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(status).as(told).isZero();
            return told;
        }
    }
}
