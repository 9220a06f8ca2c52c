package entrepot.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The tree under test: every text file that people write, in order of path. */
record Repository(Path root, List<SourceFile> files) {

    private static final Set<String> SKIPPED_FOLDERS =
            Set.of("target", ".git", ".idea", ".vscode", ".entrepot", "node_modules", "vendor");

    private static final Set<String> TEXT_EXTENSIONS =
            Set.of(
                    "java",
                    "md",
                    "xml",
                    "yaml",
                    "yml",
                    "sql",
                    "sh",
                    "jte",
                    "js",
                    "css",
                    "html",
                    "properties",
                    "txt",
                    "conf");

    /** Scripts and the like, which have no extension. */
    private static final Set<String> TEXT_NAMES = Set.of("entrepot", "run", "NOTICE", "LICENSE");

    private static final int FILE_BYTES_MAX = 2_000_000;

    static Repository read() {
        var root = findRoot();
        var files = new ArrayList<SourceFile>();
        try {
            Files.walkFileTree(
                    root,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes a) {
                            return !dir.equals(root) && skipped(dir)
                                    ? FileVisitResult.SKIP_SUBTREE
                                    : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes a)
                                throws IOException {
                            if (a.isRegularFile() && isText(file) && a.size() <= FILE_BYTES_MAX) {
                                files.add(load(root, file));
                            }
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files.sort(java.util.Comparator.comparing(SourceFile::path));
        return new Repository(root, List.copyOf(files));
    }

    List<SourceFile> java() {
        return files.stream()
                .filter(file -> file.is("java") && file.path().contains("/src/"))
                .toList();
    }

    boolean holds(String path) {
        return Files.exists(root.resolve(path));
    }

    private static boolean skipped(Path folder) {
        return SKIPPED_FOLDERS.contains(String.valueOf(folder.getFileName()));
    }

    private static boolean isText(Path file) {
        var name = String.valueOf(file.getFileName());
        var dot = name.lastIndexOf('.');
        return dot < 0
                ? TEXT_NAMES.contains(name)
                : TEXT_EXTENSIONS.contains(name.substring(dot + 1)) && !name.contains(".min.");
    }

    private static SourceFile load(Path root, Path file) throws IOException {
        var path = root.relativize(file).toString().replace('\\', '/');
        return new SourceFile(path, new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    }

    /** The folder with {@code .mvn}: named by the build, or found above the working folder. */
    private static Path findRoot() {
        var named = System.getProperty("entrepot.root", "");
        if (!named.isBlank() && !named.contains("${")) {
            return Path.of(named).toAbsolutePath().normalize();
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve(".mvn"))) {
                return at;
            }
        }
        throw new IllegalStateException(
                "no folder with .mvn above "
                        + Path.of("").toAbsolutePath()
                        + ": give -Dentrepot.root=<folder of the repository>");
    }
}
