package entrepot.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What never happens, as far as sources and migrations show it. */
class SourceLawsTest {

    private static final Pattern TRADE =
            Pattern.compile(
                    "\\b(tenant|ledger|receipt|catalogue|market|prompt|vendor|storefront|offer"
                            + "|openai|llm|agent|journal)s?\\b",
                    Pattern.CASE_INSENSITIVE);

    /** Of nobody: who there is, who runs, and numbers that say that something has changed. */
    private static final Set<String> OF_NO_TENANT =
            Set.of(
                    "tenant",
                    "node",
                    "first_start",
                    "api_key_change",
                    "terms_change",
                    "limit_node",
                    "limit_change",
                    "ledger_chain");

    private static final Pattern TABLE =
            Pattern.compile("create table (\\w+) \\((.*?)\\n\\)", Pattern.DOTALL);

    private static final Pattern CHANGE =
            Pattern.compile("(update|delete from) (fact|receipt|audit|audit_detail)\\b");

    @Test
    void storeAndHttpKnowNoWordOfTheTrade() {
        var found = new ArrayList<String>();
        for (String module : List.of("store", "http")) {
            for (Path file : files(module + "/src/main/java", ".java")) {
                String text = read(file).replaceAll("(?i)user-agent|return", "");
                var matcher = TRADE.matcher(text);
                while (matcher.find()) {
                    found.add(root().relativize(file) + ": " + matcher.group());
                }
            }
        }
        assertThat(found).isEmpty();
    }

    /** R05: nor does a nightly cleanup. */
    @Test
    void noStatementChangesAFactAReceiptOrTheAudit() {
        var found = new ArrayList<String>();
        for (Path file : files("", ".java")) {
            if (file.toString().contains("/src/main/")) {
                var matcher = CHANGE.matcher(read(file).toLowerCase(Locale.ROOT));
                while (matcher.find()) {
                    found.add(file.getFileName() + ": " + matcher.group());
                }
            }
        }
        // A session is deleted whole, table by table, by SessionTable alone.
        assertThat(found).isEmpty();
    }

    @Test
    void everyTableHasItsTenantButAFewThatAreOfNobody() {
        var without = new ArrayList<String>();
        for (Path file : files("", ".sql")) {
            var matcher = TABLE.matcher(read(file).toLowerCase(Locale.ROOT));
            while (matcher.find()) {
                boolean owned = matcher.group(2).contains("tenant ");
                if (!owned && !OF_NO_TENANT.contains(matcher.group(1))) {
                    without.add(file.getFileName() + ": " + matcher.group(1));
                }
            }
        }
        assertThat(without).isEmpty();
    }

    private static List<Path> files(String folder, String ending) {
        try (Stream<Path> all = Files.walk(root().resolve(folder))) {
            List<Path> files =
                    all.filter(file -> file.toString().endsWith(ending))
                            .filter(file -> file.toString().contains("/src/main/"))
                            .sorted()
                            .toList();
            assertThat(files).as("files of %s", folder).isNotEmpty();
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        return Path.of(System.getProperty("entrepot.root", "..")).toAbsolutePath().normalize();
    }
}
