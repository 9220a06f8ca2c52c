package entrepot.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The shipped example of five regimes, asked from the command line. */
class ExplainTest {

    private static final Path EXAMPLE = example();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource({
        "stateless, bedrock,     2025-06-01, 3",
        "stateless, bedrock,     2026-03-01, 3",
        "stateless, bedrock,     2026-05-01, 0",
        "stateless, azure,       2025-06-01, 0",
        "stateful,  bedrock,     2026-01-15, 3",
        "stateful,  bedrock,     2026-03-01, 0",
        "platform,  third-cloud, 2026-03-01, 3",
        "platform,  bedrock,     2026-03-01, 0",
        "platform,  openai,      2026-03-01, 0",
    })
    void theRegimesDecide(String api, String channel, String date, int code) {
        assertThat(ask("--api", api, "--only", channel, "--at", date))
                .as("%s%s", out, err)
                .isEqualTo(code);
    }

    @Test
    void aRefusalNamesTheClauseItsPlaceItsSourceAndWhatHelps() {
        ask("--only", "bedrock", "--at", "2026-03-01T00:00:00Z");

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("openai/gpt-5-mini, stateless, 2026-03-01T00:00:00Z: refused")
                .contains("NO  contract")
                .containsPattern("clause [a-z0-9-]+/[a-z0-9-]+, .*\\.yaml:\\d+")
                .contains("use a supplier with channel azure");
    }

    @Test
    void theAnswerIsJsonWhenAskedFor() {
        ask("--json", "--at", "2026-05-02");

        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("{")
                .contains("\"allowed\" : true")
                .contains("contracts ");
    }

    @Test
    void aModelThatIsNotThereAndABadDateAreToldInWords() {
        assertThat(run("explain", "--folder", EXAMPLE.toString(), "--model", "no/such"))
                .isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no model is called 'no/such'");
        assertThat(ask("--at", "yesterday")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("'at'");
    }

    private int ask(String... arguments) {
        var all = new ArrayList<String>();
        all.addAll(List.of("explain", "--folder", EXAMPLE.toString()));
        all.addAll(List.of("--model", "openai/gpt-5-mini"));
        all.addAll(List.of(arguments));
        return run(all.toArray(String[]::new));
    }

    private int run(String... arguments) {
        var terminal =
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new ByteArrayInputStream(new byte[0]),
                        false,
                        Map.of("HOME", "/nowhere"));
        return Entrepot.run(terminal, arguments);
    }

    private static Path example() {
        // Surefire runs each module in its own folder.
        return Path.of("").toAbsolutePath().resolveSibling("examples").resolve("openai-2026");
    }
}
