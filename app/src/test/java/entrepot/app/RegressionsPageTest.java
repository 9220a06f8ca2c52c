package entrepot.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The pages of regressions name tests that there are, and that name the row themselves. */
class RegressionsPageTest {

    private static final Path ROOT =
            Path.of(System.getProperty("entrepot.root", "..")).toAbsolutePath().normalize();
    private static final Pattern ROW =
            Pattern.compile("^\\| ([RE][0-9]+[a-f]?) \\|([^|]*)\\|([^|]*)\\|$", Pattern.MULTILINE);
    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z0-9]+)`");
    private static final int ROWS = 94;
    private static final int RUNTIME_ROWS = 80;

    @Test
    void everyRowOfGatewaysHasATestThatNamesItOrAReason() throws IOException {
        assertThat(rows("docs/regressions.md"))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, ROWS).mapToObj("R%02d"::formatted).toList());
    }

    @Test
    void everyRowOfRuntimesHasATestThatNamesItOrAReason() throws IOException {
        assertThat(rows("docs/regressions-runtime.md"))
                .containsAll(
                        IntStream.rangeClosed(1, RUNTIME_ROWS).mapToObj("E%d"::formatted).toList())
                .contains("E48a", "E48b", "E48c", "E48d", "E48e", "E48f", "E62a", "E62b", "E62c")
                .doesNotHaveDuplicates();
    }

    private static List<String> rows(String page) throws IOException {
        Map<String, String> tests = tests();
        var rows = new ArrayList<String>();
        var wrong = new ArrayList<String>();
        var row = ROW.matcher(Files.readString(ROOT.resolve(page)));
        while (row.find()) {
            String id = row.group(1);
            rows.add(id);
            List<String> named =
                    TEST.matcher(row.group(3)).results().map(found -> found.group(1)).toList();
            for (String test : named) {
                String text = tests.get(test);
                if (text == null) {
                    wrong.add(id + ": there is no " + test);
                } else if (!names(text, id)) {
                    wrong.add(id + ": " + test + " does not name it");
                }
            }
            if (named.isEmpty() && row.group(3).isBlank()) {
                wrong.add(id + ": neither a test nor why there is none");
            }
        }
        assertThat(wrong).as(page).isEmpty();
        return rows;
    }

    /** In its text as {@code R15}, or in a test's name as {@code r15Something}. */
    private static boolean names(String text, String id) {
        String inName = "\\b" + id.toLowerCase(Locale.ROOT) + "[A-Z_]";
        return Pattern.compile("\\b" + id + "(?![0-9a-f])|" + inName).matcher(text).find();
    }

    /** All tests by their simple name; of two of one name, both texts. */
    private static Map<String, String> tests() throws IOException {
        var tests = new LinkedHashMap<String, String>();
        try (Stream<Path> all = Files.walk(ROOT)) {
            for (Path file : all.filter(RegressionsPageTest::isTest).toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                tests.merge(name, Files.readString(file), String::concat);
            }
        }
        return tests;
    }

    private static boolean isTest(Path file) {
        String path = file.toString();
        return path.endsWith(".java")
                && (path.contains("/src/test/") || path.contains("/testing/"));
    }
}
