package entrepot.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** What docs/policies.md shows works as it stands, and its commands say what is wrong. */
class PoliciesPageTest {

    private static final Pattern FILES =
            Pattern.compile("`(policies/[\\w.]+)`:\n\n```\\w+\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    @TempDir Path folder = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void theExampleOfThePageIsCheckedAndTested() throws IOException {
        String page = page();
        write(page);
        int commands = 0;
        for (var block = COMMANDS.matcher(page); block.find(); ) {
            for (String line : block.group(1).strip().split("\n")) {
                commands++;
                assertThat(run(line)).as(line + "\n" + text(out) + text(err)).isZero();
            }
        }
        assertThat(commands).isEqualTo(2);
        assertThat(text(out)).contains("ok    research may").doesNotContain("FAIL");
        assertThat(text(err)).contains("4 policies").contains("6 cases, 0 failed");
    }

    @Test
    void aCaseThatCameOutOtherwiseFailsWithTheReason() throws IOException {
        write(page().replace("expect: allow\n    reasons", "expect: deny\n    reasons"));
        assertThat(run("entrepot policies test policies")).isEqualTo(1);
        assertThat(text(out))
                .contains("FAIL  anyone may use a small model: expected deny, but: permitted by");
    }

    @Test
    void whatIsWrongIsSaidWithItsPlace() throws IOException {
        write(page().replace("context.data_class ==", "context.data_clas =="));
        assertThat(run("entrepot policies check policies")).isEqualTo(1);
        assertThat(text(err)).contains("main.cedar:12:").contains("did you mean `data_class`?");
        assertThat(run("entrepot policies check nowhere")).isEqualTo(1);
        assertThat(text(err)).contains("There is no folder");
    }

    private static String page() throws IOException {
        Path root = Path.of(System.getProperty("entrepot.root", ".."));
        return Files.readString(root.resolve("docs/policies.md"));
    }

    private void write(String page) throws IOException {
        Files.createDirectories(folder.resolve("policies"));
        for (var file = FILES.matcher(page); file.find(); ) {
            Files.writeString(folder.resolve(file.group(1)), file.group(2));
        }
    }

    private int run(String line) {
        String[] words = line.split(" ");
        assertThat(words[0]).isEqualTo("entrepot");
        words[words.length - 1] = folder.resolve(words[words.length - 1]).toString();
        Map<String, String> environment = new HashMap<>();
        environment.put("HOME", "/nowhere");
        environment.put("ENTREPOT_DATA", folder.toString());
        var terminal =
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new ByteArrayInputStream(new byte[0]),
                        false,
                        environment);
        return Entrepot.run(terminal, Arrays.copyOfRange(words, 1, words.length));
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
