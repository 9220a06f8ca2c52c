package entrepot.knowledge.sources;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A folder of files. A file's stamp is its time of change and size, its revision the SHA-256 of its
 * bytes. Links are not followed and hidden files not read.
 */
final class FolderConnector implements Connector {

    private final Path root;
    private final Globs globs;
    private final Access access;

    FolderConnector(SourceSettings.Folder place, Access access) throws SourceFailed {
        this.access = access;
        this.globs = Globs.of(place.paths());
        try {
            root = place.path().toRealPath();
        } catch (IOException e) {
            throw new SourceFailed(
                    "The folder " + place.path() + " is not there or cannot be read.", e);
        }
    }

    @Override
    public Listing list(@Nullable String cursor, IntConsumer found)
            throws SourceFailed, InterruptedException {
        var walk = new Walk(found);
        try {
            Files.walkFileTree(root, walk);
        } catch (IOException e) {
            throw new SourceFailed("The folder " + root + " cannot be listed: " + e, e);
        }
        if (walk.interrupted) {
            throw new InterruptedException();
        }
        if (walk.files.size() > ENTRIES_MAX) {
            throw new SourceFailed(
                    "The folder has more than "
                            + ENTRIES_MAX
                            + " files: name those to take under paths.");
        }
        List<Entry> entries = walk.files.stream().map(file -> entry(file, walk.rules)).toList();
        walk.warnings.addAll(walk.rules.warnings());
        return Listing.complete(entries, "", walk.warnings);
    }

    private record Found(String path, long changedMillis, long bytes) {}

    private Entry entry(Found file, AccessFiles rules) {
        return new Entry(
                file.path(),
                file.changedMillis() + ":" + file.bytes(),
                file.path().substring(file.path().lastIndexOf('/') + 1),
                "",
                file.bytes(),
                rules.of(file.path()));
    }

    @Override
    public Content read(Entry entry) throws SourceFailed {
        Path file = root.resolve(entry.id()).normalize();
        try {
            // A link that was put in its place since the listing could lead anywhere.
            if (!file.startsWith(root) || !file.toRealPath().equals(file)) {
                throw new SourceFailed(entry.id() + " is or goes through a link, not followed.");
            }
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                byte[] bytes = in.readNBytes(DOCUMENT_BYTES_MAX + 1);
                if (bytes.length > DOCUMENT_BYTES_MAX) {
                    throw tooLarge(entry.id());
                }
                return new Content(bytes, Hashes.sha256(bytes), "");
            }
        } catch (IOException e) {
            throw new SourceFailed(entry.id() + " cannot be read: " + e.getMessage(), e);
        }
    }

    static SourceFailed tooLarge(String id) {
        return new SourceFailed(id + " has over " + DOCUMENT_BYTES_MAX + " bytes: not read.");
    }

    @Override
    public void close() {
        // Nothing stays open between calls.
    }

    private final class Walk extends SimpleFileVisitor<Path> implements FileVisitor<Path> {
        private final List<Found> files = new ArrayList<>();
        private final List<String> warnings = new ArrayList<>();
        private final AccessFiles rules = new AccessFiles(access);
        private final IntConsumer found;
        private boolean interrupted;

        private Walk(IntConsumer found) {
            this.found = found;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean hidden = !folder.equals(root) && name(folder).startsWith(".");
            if (hidden) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            Path rule = folder.resolve(AccessFiles.NAME);
            if (Files.exists(rule, LinkOption.NOFOLLOW_LINKS)) {
                rules.add(relative(folder), text(rule));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            interrupted = Thread.interrupted();
            String path = relative(file);
            if (attributes.isRegularFile() && globs.takes(path) && isName(path)) {
                files.add(
                        new Found(
                                path, attributes.lastModifiedTime().toMillis(), attributes.size()));
                found.accept(files.size());
            }
            return interrupted || files.size() > ENTRIES_MAX
                    ? FileVisitResult.TERMINATE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (file.equals(root)) {
                throw e;
            }
            warnings.add(relative(file) + " cannot be read.");
            return FileVisitResult.CONTINUE;
        }

        private static @Nullable String text(Path rule) {
            try (InputStream in = Files.newInputStream(rule, LinkOption.NOFOLLOW_LINKS)) {
                byte[] bytes = in.readNBytes(AccessFiles.BYTES_MAX + 1);
                return bytes.length > AccessFiles.BYTES_MAX
                        ? null
                        : new String(bytes, StandardCharsets.UTF_8);
            } catch (IOException e) {
                return null;
            }
        }
    }

    private static boolean isName(String path) {
        return path.length() <= Entry.ID_CHARS_MAX
                && path.chars().noneMatch(Character::isISOControl);
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private String relative(Path path) {
        return root.relativize(path).toString().replace('\\', '/');
    }
}
