package entrepot.tidy;

import java.util.List;

/**
 * A text file of the repository.
 *
 * @param path from the root of the repository, with slashes
 */
record SourceFile(String path, String text) {

    List<String> lines() {
        return text.lines().toList();
    }

    boolean is(String... extensions) {
        return List.of(extensions).stream().anyMatch(e -> path.endsWith("." + e));
    }

    /** Whether it ships: main code, outside what exists only to test and to measure. */
    boolean ships() {
        return path.contains("/src/main/")
                && !path.startsWith("testkit/")
                && !path.startsWith("bench/")
                && !path.startsWith("tidy/");
    }

    String folder() {
        return path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
    }

    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
