package entrepot.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is shipped is built of what was chosen, and starts no program that a caller names. */
class DependenciesTest {

    private static final Path ROOT =
            Path.of(System.getProperty("entrepot.root", "..")).toAbsolutePath().normalize();
    private static final Pattern DEPENDENCY =
            Pattern.compile("<(dependency|plugin)>(.*?)</\\1>", Pattern.DOTALL);
    private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");
    private static final Pattern PROPERTY = Pattern.compile("<[a-z0-9.-]+[.-]version>([^<]+)<");
    private static final Pattern FLOATING = Pattern.compile("[\\[\\](),]|LATEST|RELEASE|SNAPSHOT");

    /** R22, R67, R87: no version floats, in the build or in what npm installs for tests. */
    @Test
    void everyVersionIsPinned() throws IOException {
        var floating = new ArrayList<String>();
        int pinned = 0;
        for (Path pom : files("pom.xml")) {
            var property = PROPERTY.matcher(Files.readString(pom));
            while (property.find()) {
                pinned++;
                if (FLOATING.matcher(property.group(1)).find()) {
                    floating.add(ROOT.relativize(pom) + ": " + property.group(1));
                }
            }
            var each = DEPENDENCY.matcher(Files.readString(pom));
            while (each.find()) {
                var version = VERSION.matcher(each.group(2).split("<configuration>", 2)[0]);
                if (version.find()) {
                    pinned++;
                    boolean ours = version.group(1).equals("${project.version}");
                    if (!ours && FLOATING.matcher(version.group(1)).find()) {
                        floating.add(ROOT.relativize(pom) + ": " + version.group(1));
                    }
                }
            }
        }
        assertThat(pinned).isGreaterThan(20);
        assertThat(floating).isEmpty();
        for (Path packages : files("package.json")) {
            assertThat(packages.resolveSibling("package-lock.json")).exists();
        }
    }

    /**
     * Code that starts processes, and why that is safe: this JVM's own program to read documents
     * in, tool servers that the operator wrote into {@code mcp.yaml}, and bubblewrap. Nothing of a
     * caller is in the first two; what a caller has run, bubblewrap keeps inside a sandbox.
     */
    private static final Set<String> STARTING =
            Set.of(
                    "knowledge/src/main/java/entrepot/knowledge/extraction/ChildProcess.java",
                    "runtime/src/main/java/entrepot/runtime/sandbox/Sandbox.java",
                    "runtime/src/main/java/entrepot/runtime/tools/mcp/StdioWire.java");

    /** R71: no other main code starts a process, so nothing that a caller sends can. */
    @Test
    void nothingThatIsServedStartsAProcess() throws IOException {
        var found = new ArrayList<String>();
        for (Path file : files(".java")) {
            String path = ROOT.relativize(file).toString();
            String text = Files.readString(file);
            boolean served =
                    path.contains("src/main/")
                            && !STARTING.contains(path)
                            && !path.matches("(bench|testkit|tck)/.*");
            if (served && (text.contains("ProcessBuilder") || text.contains("Runtime.exec"))) {
                found.add(path);
            }
        }
        assertThat(found).isEmpty();
    }

    private static List<Path> files(String ending) throws IOException {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(file -> file.toString().endsWith(ending))
                    .filter(file -> !file.toString().matches(".*/(target|node_modules)/.*"))
                    .toList();
        }
    }
}
