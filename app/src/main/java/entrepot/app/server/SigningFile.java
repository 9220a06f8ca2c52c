package entrepot.app.server;

import entrepot.identity.Secret;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * Keeps what the secrets of AWS-style key pairs are made from. Only its owner may read it; whoever
 * loses it loses all these pairs.
 */
final class SigningFile {

    private static final int SECRET_BYTES = 32;

    private SigningFile() {}

    /**
     * The secret in a file, which is made when it is not there yet.
     *
     * @param random a secure one
     * @throws StartFailed when the file cannot be read or made
     */
    static Secret read(Path file, RandomGenerator random) {
        try {
            if (!Files.exists(file)) {
                make(file, random);
            }
            return new Secret(Files.readString(file).strip());
        } catch (IOException e) {
            throw new StartFailed(
                    file
                            + " cannot be read or made. Look at its rights, or give"
                            + " ENTREPOT_SIGNING_SECRET.",
                    e);
        }
    }

    private static void make(Path file, RandomGenerator random) throws IOException {
        var bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(written);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            var own = PosixFilePermissions.fromString("rw-------");
            Files.createFile(written, PosixFilePermissions.asFileAttribute(own));
        }
        Files.writeString(
                written, Base64.getEncoder().withoutPadding().encodeToString(bytes) + "\n");
        try {
            // Another process that was quicker has the last word.
            Files.createLink(file, written);
        } catch (FileAlreadyExistsException quicker) {
            // Its secret is read instead.
        } catch (UnsupportedOperationException noLinks) {
            Files.move(written, file);
        }
        Files.deleteIfExists(written);
    }
}
