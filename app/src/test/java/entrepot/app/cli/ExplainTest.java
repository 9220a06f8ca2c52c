package entrepot.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--storefront openai.chta | openai.images, anthropic.messages, bedrock.converse",
                "--storefront openai.chta | but is 'openai.chta'; did you mean 'openai.chat'?",
                "--storefront agent       | did you mean 'agents'?",
                "--storefront smtp        | 'storefront': it must be one of openai.chat",
                "--api statless           | did you mean 'stateless'?",
                "--api STATEFUL           | did you mean 'stateful'?",
                "--only bedrok            | is called 'bedrok'; did you mean 'bedrock'?",
                "--only azure,nowhere     | is called 'nowhere'; known here: azure, bedrock",
                "--tenant a/b             | --tenant must be a tenant's name",
                "--known 2026-02-30       | 'known': it must be a date",
                "--at 2026-03-01T00:00:00 | 'at': it must be a date or an instant",
                "--input-tokens -1        | 'input_tokens': it must be a whole number",
            })
    void whatIsNotKnownIsRefusedWithWhatIs(String flags, String message) {
        assertThat(ask(flags.split(" "))).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(message);
    }

    @Test
    void aFolderIsAskedForTenantsOfWhomItSpeaks() {
        String folder = EXAMPLE.resolveSibling("capacity").toString();
        String[] question = {"explain", "--folder", folder, "--model", "acme/one", "--tenant", ""};
        question[6] = "defualt";
        assertThat(run(question)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("the catalogue knows no tenant 'defualt'; did you mean 'default'?");
        question[6] = "default";
        assertThat(run(question)).isZero();
        assertThat(ask("--tenant", "anybody"))
                .as("a catalogue that speaks of no tenant is the same for all")
                .isZero();
    }

    @Test
    void aServerIsNotAskedForAnotherTenantAndAFolderMustBeThere() {
        assertThat(run("explain", "--model", "a/b", "--tenant", "acme")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--tenant goes with --folder");
        assertThat(run("explain", "--model", "a/b", "--folder", "no-such")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("no-such/catalogue.yaml:1:1: is not there");
    }

    @Test
    void thePoliciesOfAFolderDecideToo(@TempDir Path folder) throws Exception {
        Files.copy(EXAMPLE.resolve("catalogue.yaml"), folder.resolve("catalogue.yaml"));
        Files.createDirectory(folder.resolve("policies"));
        Files.writeString(
                folder.resolve("policies/main.cedar"),
                """
                @id("chat-alone")
                permit(principal, action, resource) when { context.storefront == "openai.chat" };
                """);
        String[] question = {
            "explain", "--folder", folder.toString(), "--model", "openai/gpt-5-mini"
        };
        assertThat(run(question)).isZero();
        var other = new ArrayList<>(List.of(question));
        other.addAll(List.of("--storefront", "anthropic.messages"));
        assertThat(run(other.toArray(String[]::new))).isEqualTo(3);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("NO  policy");
        Files.writeString(folder.resolve("policies/main.cedar"), "permit(everything);");
        assertThat(run(question)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("main.cedar:1:");
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
