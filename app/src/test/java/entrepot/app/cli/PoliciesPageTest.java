package entrepot.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/** What docs/policies.md shows works as it stands, and its commands say what is wrong. */
class PoliciesPageTest extends CommandLine {

    private static final Pattern FILES =
            Pattern.compile("`(policies/[\\w.]+)`:\n\n```\\w+\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    @Test
    void theExampleOfThePageIsCheckedAndTested() throws IOException {
        String page = page();
        write(page);
        int commands = 0;
        for (var block = COMMANDS.matcher(page); block.find(); ) {
            for (String line : block.group(1).strip().split("\n")) {
                commands++;
                assertThat(runs(line)).as(line + "\n" + printed() + complained()).isZero();
            }
        }
        assertThat(commands).isEqualTo(2);
        assertThat(printed()).contains("ok    research may").doesNotContain("FAIL");
        assertThat(complained()).contains("4 policies").contains("6 cases, 0 failed");
    }

    @Test
    void aCaseThatCameOutOtherwiseFailsWithTheReason() throws IOException {
        write(page().replace("expect: allow\n    reasons", "expect: deny\n    reasons"));
        assertThat(runs("entrepot policies test policies")).isEqualTo(1);
        assertThat(printed())
                .contains("FAIL  anyone may use a small model: expected deny, but: permitted by");
    }

    @Test
    void whatIsWrongIsSaidWithItsPlace() throws IOException {
        write(page().replace("context.data_class ==", "context.data_clas =="));
        assertThat(runs("entrepot policies check policies")).isEqualTo(1);
        assertThat(complained()).contains("main.cedar:12:").contains("did you mean `data_class`?");
        assertThat(runs("entrepot policies check nowhere")).isEqualTo(1);
        assertThat(complained()).contains("There is no folder");
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

    private int runs(String line) {
        String[] words = line.split(" ");
        assertThat(words[0]).isEqualTo("entrepot");
        words[words.length - 1] = folder.resolve(words[words.length - 1]).toString();
        return run(Arrays.copyOfRange(words, 1, words.length));
    }
}
