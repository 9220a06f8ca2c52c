package entrepot.runtime.tools;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Reads beneath one folder and nowhere else.
 *
 * <p>A path is walked one name at a time from an open folder to an open folder, and no link is
 * followed on the way: whatever somebody renames meanwhile, the walk cannot leave. Where the system
 * has no such open folders, each step is checked by its real path instead.
 */
final class FolderFiles {

    static final int DEPTH_MAX = 16;
    static final int FILES_MAX = 2_000;
    static final long FILE_BYTES_MAX = 64L << 20;

    private static final Set<OpenOption> READ =
            Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    private final Path root;

    FolderFiles(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    /** A regular file beneath the folder. */
    record Found(String path, long bytes) {}

    /**
     * @param complete whether these are all files, not only the first
     */
    record Listing(List<Found> files, boolean complete) {}

    /** A part of a file. */
    record Window(byte[] bytes, long offset, long fileBytes) {}

    /** Every file that may be read, by path. Links, special and hidden files are left out. */
    Listing list() throws IOException {
        List<Found> files = new ArrayList<>();
        boolean complete;
        try (DirectoryStream<Path> start = Files.newDirectoryStream(root)) {
            complete = list(start, "", 1, files);
        }
        files.sort(Comparator.comparing(Found::path));
        return new Listing(files, complete);
    }

    private boolean list(DirectoryStream<Path> folder, String prefix, int depth, List<Found> into)
            throws IOException {
        List<Path> entries = new ArrayList<>();
        folder.forEach(entries::add);
        entries.sort(Comparator.comparing(FolderFiles::name));
        boolean complete = true;
        for (Path entry : entries) {
            String name = name(entry);
            BasicFileAttributes kind = isShown(name) ? attributes(folder, entry) : null;
            if (kind != null && kind.isRegularFile()) {
                if (into.size() == FILES_MAX) {
                    return false;
                }
                into.add(new Found(prefix + name, kind.size()));
            } else if (kind != null && kind.isDirectory()) {
                boolean all =
                        depth < DEPTH_MAX
                                && listIn(folder, entry, prefix + name + "/", depth, into);
                complete = complete && all;
            }
        }
        return complete;
    }

    private boolean listIn(
            DirectoryStream<Path> parent, Path entry, String prefix, int depth, List<Found> into)
            throws IOException {
        try (DirectoryStream<Path> folder =
                parent instanceof SecureDirectoryStream<Path> secure
                        ? secure.newDirectoryStream(Path.of(name(entry)), LinkOption.NOFOLLOW_LINKS)
                        : Files.newDirectoryStream(entry)) {
            return list(folder, prefix, depth + 1, into);
        } catch (FileSystemException e) {
            return true; // It went, or became a link, while we looked.
        }
    }

    private static String name(Path entry) {
        return String.valueOf(entry.getFileName());
    }

    private static @Nullable BasicFileAttributes attributes(
            DirectoryStream<Path> folder, Path entry) {
        try {
            return folder instanceof SecureDirectoryStream<Path> secure
                    ? secure.getFileAttributeView(
                                    Path.of(name(entry)),
                                    BasicFileAttributeView.class,
                                    LinkOption.NOFOLLOW_LINKS)
                            .readAttributes()
                    : Files.readAttributes(
                            entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return null; // It went while we looked.
        }
    }

    /** Hidden files hold settings and secrets; control characters would forge our own lines. */
    private static boolean isShown(String name) {
        return !name.startsWith(".") && name.chars().noneMatch(Character::isISOControl);
    }

    /**
     * Reads a part of a file.
     *
     * @param path as {@link #list} gave it
     */
    Window read(String path, long offset, int bytesMax) throws ToolRefused, IOException {
        List<String> names = names(path);
        try (DirectoryStream<Path> start = Files.newDirectoryStream(root)) {
            return start instanceof SecureDirectoryStream<Path> secure
                    ? descend(secure, names, path, offset, bytesMax)
                    : readByRealPath(names, path, offset, bytesMax);
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw missing(path);
        }
    }

    private Window descend(
            SecureDirectoryStream<Path> folder,
            List<String> names,
            String path,
            long offset,
            int bytesMax)
            throws ToolRefused, IOException {
        Path name = Path.of(names.getFirst());
        BasicFileAttributes kind = kind(folder, name, path);
        if (kind.isSymbolicLink()) {
            throw link(path);
        }
        if (names.size() == 1) {
            checkRegular(kind, path);
            try (SeekableByteChannel channel = folder.newByteChannel(name, READ)) {
                return window(channel, offset, bytesMax, path);
            }
        }
        if (!kind.isDirectory()) {
            throw missing(path);
        }
        try (SecureDirectoryStream<Path> next =
                folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            return descend(next, names.subList(1, names.size()), path, offset, bytesMax);
        }
    }

    private static BasicFileAttributes kind(
            SecureDirectoryStream<Path> folder, Path name, String path)
            throws ToolRefused, IOException {
        try {
            return folder.getFileAttributeView(
                            name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
        } catch (NoSuchFileException e) {
            throw missing(path);
        }
    }

    private Window readByRealPath(List<String> names, String path, long offset, int bytesMax)
            throws ToolRefused, IOException {
        Path file = root;
        for (String name : names) {
            file = file.resolve(name);
            if (Files.isSymbolicLink(file)) {
                throw link(path);
            }
        }
        if (!file.toRealPath().startsWith(root)) {
            throw link(path);
        }
        checkRegular(
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS),
                path);
        try (SeekableByteChannel channel = Files.newByteChannel(file, READ)) {
            return window(channel, offset, bytesMax, path);
        }
    }

    private static Window window(
            SeekableByteChannel channel, long offset, int bytesMax, String path)
            throws ToolRefused, IOException {
        long size = channel.size();
        if (size > FILE_BYTES_MAX) {
            throw new ToolRefused(
                    path
                            + " has "
                            + size
                            + " bytes; files over "
                            + FILE_BYTES_MAX
                            + " bytes are not read.");
        }
        if (offset < 0 || offset > size) {
            throw new ToolRefused(
                    "offset is " + offset + ", but " + path + " has " + size + " bytes.");
        }
        channel.position(offset);
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(bytesMax, size - offset));
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // Read on until the window is full.
        }
        byte[] bytes = new byte[buffer.position()];
        buffer.flip().get(bytes);
        return new Window(bytes, offset, size);
    }

    private static List<String> names(String path) throws ToolRefused {
        if (path.isEmpty() || path.length() > 4096) {
            throw new ToolRefused("path must have 1 to 4096 characters.");
        }
        if (path.startsWith("/") || path.contains("\\") || path.matches("^[A-Za-z]:.*")) {
            throw new ToolRefused(
                    path + " is not a path within the folder: give it as list_files shows it.");
        }
        List<String> names = List.of(path.split("/", -1));
        for (String name : names) {
            if (name.isEmpty() || name.equals("..") || name.equals(".")) {
                throw new ToolRefused(
                        path + " is not a path within the folder: give it as list_files shows it.");
            }
            if (!isShown(name)) {
                throw missing(path);
            }
        }
        if (names.size() > DEPTH_MAX) {
            throw missing(path);
        }
        return names;
    }

    private static void checkRegular(BasicFileAttributes kind, String path) throws ToolRefused {
        if (kind.isSymbolicLink()) {
            throw link(path);
        }
        if (kind.isDirectory()) {
            throw new ToolRefused(path + " is a folder: list_files shows the files in it.");
        }
        if (!kind.isRegularFile()) {
            throw new ToolRefused(path + " is not a regular file and is not read.");
        }
    }

    private static ToolRefused link(String path) {
        return new ToolRefused(path + " is or goes through a link; links are not followed.");
    }

    private static ToolRefused missing(String path) {
        return new ToolRefused("There is no file " + path + ": list_files shows what there is.");
    }
}
