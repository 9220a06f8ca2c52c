package entrepot.runtime.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.CRC32;

/**
 * A folder of this node that sandboxes see as {@code /workspace}, with what stands beside it. Where
 * the server runs as root, it belongs to a user id that nobody else has.
 *
 * @param place holds the folder, who is who in it, and the mark that it is ready
 */
public record Workspace(Path place) {

    static final String ROOT = "/workspace";

    private static final int ENTRIES_MAX = 200_000;

    /** User ids above every one that systems give out. */
    private static final int FIRST_USER = 1_879_048_192;

    private static final int USERS = 1 << 24;
    private static final int ROOT_USER = 0;
    private static final int USER_INSIDE = 1000;

    /** Where the files are. */
    Path files() {
        return place.resolve("workspace");
    }

    Path people() {
        return place.resolve("passwd");
    }

    private Path ready() {
        return place.resolve("ready");
    }

    /** Whether it was made, and what it begins with was put in. */
    public boolean isReady() {
        return Files.exists(ready()) && Files.isDirectory(files());
    }

    /** Says that what it begins with is in it. */
    public void markReady() throws IOException {
        Files.createFile(ready());
    }

    /** Makes it anew, empty. */
    public void create() throws IOException {
        delete();
        Files.createDirectories(
                place,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createDirectory(files());
        int user = isRoot() ? user() : USER_INSIDE;
        if (isRoot()) {
            Files.setAttribute(files(), "unix:uid", user);
            Files.setAttribute(files(), "unix:gid", user);
        }
        Files.setPosixFilePermissions(files(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(
                people(),
                "agent:x:" + user + ":" + user + "::" + ROOT + ":/bin/bash\n",
                StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(people(), PosixFilePermissions.fromString("rw-r--r--"));
    }

    /** Who its commands run as, as the node sees it. */
    int user() {
        var hash = new CRC32();
        hash.update(place.toString().getBytes(StandardCharsets.UTF_8));
        return FIRST_USER + (int) (hash.getValue() % USERS);
    }

    static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer user
                && user == ROOT_USER;
    }

    /** Deletes it with all that is in it; links are not followed. */
    public void delete() throws IOException {
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        boolean root = isRoot();
        Files.walkFileTree(
                place,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes of)
                            throws IOException {
                        if (!root) {
                            // What was made unreadable is deleted all the same.
                            Files.setPosixFilePermissions(
                                    folder, PosixFilePermissions.fromString("rwx------"));
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes of)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path folder, IOException e)
                            throws IOException {
                        Files.delete(folder);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /** What it holds, in bytes; {@link Long#MAX_VALUE} when that cannot be told. */
    long bytes() {
        long[] sum = {0, 0};
        try {
            Files.walkFileTree(
                    files(),
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes of) {
                            sum[0] += of.size();
                            return ++sum[1] > ENTRIES_MAX
                                    ? FileVisitResult.TERMINATE
                                    : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException e) {
                            // Gone in between is nothing; hidden is too much.
                            sum[0] =
                                    Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                                            ? Long.MAX_VALUE >> 1
                                            : sum[0];
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(Path folder, IOException e) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
        return sum[1] > ENTRIES_MAX ? Long.MAX_VALUE : sum[0];
    }
}
