package entrepot.app.server;

import entrepot.identity.Secret;

import java.io.IOException;
import java.nio.file.Path;
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
            return new Secret(OwnFile.read(file, () -> make(random)).strip());
        } catch (IOException e) {
            throw new StartFailed(
                    file
                            + " cannot be read or made. Look at its rights, or give"
                            + " ENTREPOT_SIGNING_SECRET.",
                    e);
        }
    }

    private static String make(RandomGenerator random) {
        var bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getEncoder().withoutPadding().encodeToString(bytes) + "\n";
    }
}
