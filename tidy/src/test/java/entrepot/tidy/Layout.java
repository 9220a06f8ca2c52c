package entrepot.tidy;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * How Java files are laid out: google-java-format in AOSP style. Remembers by hash which texts were
 * found good, since that is the one slow rule.
 */
final class Layout {

    private static final String REWRITTEN = "rewritten";

    private static final String FIX =
            "differs from google-java-format (AOSP); `mvn -pl tidy test -Dtidy.fix=true` rewrites";

    private final Path memory;
    private final Set<String> good = ConcurrentHashMap.newKeySet();

    /**
     * @param memory where the hashes are kept; absent at first
     */
    Layout(Path memory) throws IOException {
        this.memory = memory;
        if (Files.exists(memory)) {
            good.addAll(Files.readAllLines(memory));
        }
    }

    /** What differs from the layout; with {@code fix}, the files are rewritten in its place. */
    List<Finding> check(Path root, List<SourceFile> files, boolean fix) throws IOException {
        var findings = new ConcurrentLinkedQueue<Finding>();
        var seen = ConcurrentHashMap.<String>newKeySet();
        files.parallelStream()
                .forEach(file -> {
                    var hash = hash(file.text());
                    var finding = good.contains(hash) ? null : compare(root, file, fix);
                    if (finding == null) {
                        seen.add(hash);
                    } else if (!finding.message().equals(REWRITTEN)) {
                        findings.add(finding);
                    }
                });
        Files.createDirectories(memory.toAbsolutePath().getParent());
        Files.write(memory, new HashSet<>(seen));
        return List.copyOf(findings);
    }

    private static @Nullable Finding compare(Path root, SourceFile file, boolean fix) {
        try {
            var formatted = format(file.text());
            if (formatted.equals(file.text())) {
                return null;
            }
            if (fix) {
                Files.writeString(root.resolve(file.path()), formatted);
                return new Finding("layout", file.path(), 0, REWRITTEN);
            }
            return new Finding("layout", file.path(), firstDifference(file.text(), formatted), FIX);
        } catch (FormatterException e) {
            return new Finding("layout", file.path(), 0, "cannot be read: " + e.getMessage());
        } catch (IOException e) {
            return new Finding("layout", file.path(), 0, "cannot be rewritten: " + e);
        }
    }

    static String format(String text) throws FormatterException {
        var options = JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.AOSP).build();
        return new Formatter(options).formatSourceAndFixImports(text);
    }

    private static int firstDifference(String one, String other) {
        var ours = one.lines().toList();
        var theirs = other.lines().toList();
        int line = 0;
        while (line < ours.size()
                && line < theirs.size()
                && ours.get(line).equals(theirs.get(line))) {
            line++;
        }
        return line + 1;
    }

    private static String hash(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            var version = String.valueOf(Formatter.class.getPackage().getImplementationVersion());
            digest.update(version.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
