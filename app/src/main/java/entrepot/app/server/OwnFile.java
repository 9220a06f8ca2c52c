package entrepot.app.server;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;

/** A file that is made at first use, and that only its owner may read. */
final class OwnFile {

    private OwnFile() {}

    /**
     * The text in a file.
     *
     * @param made what is written when there is no such file yet; another process that is quicker
     *     has the last word
     */
    static String read(Path file, Supplier<String> made) throws IOException {
        if (!Files.exists(file)) {
            make(file, made.get());
        }
        return Files.readString(file);
    }

    private static void make(Path file, String text) throws IOException {
        Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(written);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            var own = PosixFilePermissions.fromString("rw-------");
            Files.createFile(written, PosixFilePermissions.asFileAttribute(own));
        }
        Files.writeString(written, text);
        try {
            Files.createLink(file, written);
        } catch (FileAlreadyExistsException quicker) {
            // Its text is read instead.
        } catch (UnsupportedOperationException noLinks) {
            Files.move(written, file);
        }
        Files.deleteIfExists(written);
    }
}
