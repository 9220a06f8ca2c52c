package entrepot.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The commands on a folder of contracts, without a server. */
class ContractsCommandTest {

    private static final String FOLDER =
            Path.of(System.getProperty("entrepot.root", ".."))
                    .resolve("examples/openai-2026/contracts")
                    .toString();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir Path folder = Path.of("");

    private int run(String... arguments) {
        out.reset();
        err.reset();
        var terminal =
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new ByteArrayInputStream(new byte[0]),
                        false,
                        Map.of());
        return Entrepot.run(terminal, arguments);
    }

    private String told() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(told());
    }

    @Test
    void checkCountsWhatIsGood() {
        assertThat(run("contracts", "check", FOLDER)).isZero();
        assertThat(told()).startsWith("6 contracts with ");
        assertThat(run("contracts", "check", FOLDER, "--json")).isZero();
        assertThat(json().path("good").booleanValue()).isTrue();
    }

    @Test
    void checkNamesEveryMistakeSoThatEditorsCanJumpThere() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), "contracts:\n  c: {titel: x}\n");
        assertThat(run("contracts", "check", folder.toString())).isEqualTo(1);
        assertThat(told())
                .contains(folder + "/a.yaml:2:7: contracts.c.titel: is not known here")
                .contains("'parties' is missing")
                .endsWith("4 problems.\n");
        assertThat(run("contracts", "check", folder.toString(), "--json")).isEqualTo(1);
        assertThat(json().path("problems")).hasSize(4);
        assertThat(run("contracts", "show", folder.toString())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("a.yaml:2:7");
    }

    @Test
    void showTellsWhatIsInForceAndWasKnown() {
        assertThat(run("contracts", "show", FOLDER, "--at", "2026-05-01")).isZero();
        assertThat(told()).contains("OpenAI may serve all its products on any cloud");
        assertThat(run("contracts", "show", FOLDER, "--at", "2026-05-01", "--known", "2026-04-01"))
                .isZero();
        assertThat(told()).doesNotContain("any cloud").contains("as known at 2026-04-01");
        assertThat(run("contracts", "show", FOLDER, "--at", "2026-05-01T00:00:00Z", "--json"))
                .isZero();
        assertThat(json().path("at").asString("")).isEqualTo("2026-05-01");
        assertThat(run("contracts", "show", FOLDER)).as("now").isZero();
        assertThat(run("contracts", "show", FOLDER, "--at", "yesterday")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("'yesterday' is no date: give one such as 2026-04-27");
    }

    @Test
    void timelineTellsWhatChangesWhen() {
        assertThat(run("contracts", "timeline", FOLDER)).isZero();
        assertThat(told()).contains("2026-02-27").contains("no → yes");
        assertThat(run("contracts", "timeline", FOLDER, "--json")).isZero();
        assertThat(json().path("steps").size()).isGreaterThan(4);
    }

    @Test
    void diffComparesFoldersAndDays() {
        assertThat(run("contracts", "diff", FOLDER, FOLDER, "--at", "2026-05-01")).isZero();
        assertThat(told()).isEqualTo("No difference.\n");
        assertThat(run("contracts", "diff", FOLDER, "2026-04-26", "2026-04-27")).isEqualTo(1);
        assertThat(told()).contains("+  licence").contains("microsoft-2026-04/any-cloud");
        assertThat(run("contracts", "diff", FOLDER)).as("a second is missing").isEqualTo(2);
    }
}
