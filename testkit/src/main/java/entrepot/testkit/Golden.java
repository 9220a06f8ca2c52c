package entrepot.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Results kept as files under {@code src/test/resources/golden}, to be read by people in reviews.
 * {@code -Dgolden.update=true} rewrites them; what changed then shows in the diff.
 */
public final class Golden {

    private final Path folder;
    private final boolean update;

    public Golden(Path folder, boolean update) {
        this.folder = folder;
        this.update = update;
    }

    /** The golden files of the module whose tests run. */
    public static Golden files() {
        var module = Path.of(System.getProperty("basedir", ""));
        return new Golden(
                module.resolve("src/test/resources/golden"), Boolean.getBoolean("golden.update"));
    }

    /**
     * Compares a text with its file, letter by letter.
     *
     * @param name path under the folder, such as {@code chat/tool-call.json}
     */
    public void expect(String name, String actual) {
        var file = folder.resolve(name);
        try {
            if (update) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.writeString(file, actual);
                return;
            }
            if (!Files.exists(file)) {
                throw new AssertionError("no golden file " + file + ": " + HOW);
            }
            var expected = Files.readString(file);
            if (!expected.equals(actual)) {
                throw new AssertionError(difference(name, expected, actual));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final String HOW = "run the test with -Dgolden.update=true and read the diff";

    private static String difference(String name, String expected, String actual) {
        var ours = actual.split("\n", -1);
        var theirs = expected.split("\n", -1);
        int line = 0;
        while (line < Math.min(ours.length, theirs.length) && ours[line].equals(theirs[line])) {
            line++;
        }
        return "golden/%s differs from line %d:\n  golden: %s\n  actual: %s\n%s"
                .formatted(
                        name,
                        line + 1,
                        line < theirs.length ? theirs[line] : "(end)",
                        line < ours.length ? ours[line] : "(end)",
                        HOW);
    }
}
