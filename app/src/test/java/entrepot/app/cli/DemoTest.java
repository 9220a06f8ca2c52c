package entrepot.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The first thing that a new user sees. */
class DemoTest {

    @TempDir Path temporary = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void theDemoPrintsACitedBriefingItsReceiptsAndTheConsole() {
        assertThat(run("demo")).as(text(err)).isZero();
        assertThat(text(out))
                .contains("**Needs checking**")
                .containsPattern("“[^”]+” \\[[\\w./-]+:\\d+\\]")
                .contains("extracts and does not generate");
        assertThat(text(err))
                .contains("read_file")
                .containsPattern("rcpt_\\w+ +entrepot/extract-1 +delivered")
                .containsPattern("Console: http://127\\.0\\.0\\.1:\\d+/console");
    }

    @Test
    void everyQuoteOfABriefingStandsInItsFile() throws Exception {
        var newsroom = DemoCommand.newsroom(environment());
        var question = "What changed, and what is disputed?";
        assertThat(run("brief", newsroom.toString(), question, "--json", "--quiet"))
                .as(text(err))
                .isZero();
        var outcome = JsonMapper.builder().build().readTree(text(out));
        assertThat(outcome.path("status").asString()).isEqualTo("completed");
        var quotes =
                java.util.regex.Pattern.compile("“([^”…]{20,})” \\[([^\\]:]+):\\d+\\]")
                        .matcher(outcome.path("text").asString());
        int checked = 0;
        while (quotes.find()) {
            var file = Files.readString(newsroom.resolve(quotes.group(2))).replaceAll("\\s+", " ");
            assertThat(file).contains(quotes.group(1));
            checked++;
        }
        assertThat(checked).isPositive();
        assertThat(text(err)).isEmpty();
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = Integer.toString(taken.getLocalPort());
            assertThat(run("demo", "--port", port)).isEqualTo(1);
            assertThat(text(err)).contains(port).contains("--port");
        }
    }

    private int run(String... arguments) {
        var terminal =
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new ByteArrayInputStream(new byte[0]),
                        false,
                        environment());
        return Entrepot.run(terminal, arguments);
    }

    private Map<String, String> environment() {
        return Map.of(
                "HOME",
                temporary.toString(),
                "ENTREPOT_HOME",
                System.getProperty("entrepot.root", "."));
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
