package entrepot.knowledge.sources;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;

/** Which paths of a tree are taken. */
final class Globs {

    private final List<PathMatcher> matchers;

    private Globs(List<PathMatcher> matchers) {
        this.matchers = matchers;
    }

    /**
     * @param globs such as {@code docs/**} or {@code *.md}; none takes everything
     * @throws IllegalArgumentException when one is no glob
     */
    static Globs of(List<String> globs) {
        return new Globs(
                globs.stream()
                        .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
                        .toList());
    }

    /** Hidden files hold settings and secrets; they are never taken. */
    boolean takes(String path) {
        if (path.startsWith(".") || path.contains("/.")) {
            return false;
        }
        return matchers.isEmpty()
                || matchers.stream().anyMatch(matcher -> matcher.matches(Path.of(path)));
    }
}
