package entrepot.app.server;

import entrepot.identity.Secret;
import entrepot.runtime.vaults.Sealer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * The keys that vaults are sealed with, outside the database. Only the file's owner may read it;
 * whoever loses it loses what is in the vaults.
 */
final class VaultFile {

    private VaultFile() {}

    /**
     * @param given instead of the file; null to keep one
     * @param random a secure one
     * @throws StartFailed when the keys cannot be read, made or used
     */
    static Sealer read(@Nullable Secret given, Path file, RandomGenerator random) {
        try {
            return new Sealer(
                    given == null
                            ? new Secret(
                                    OwnFile.read(file, () -> Sealer.newKey(random).reveal() + "\n"))
                            : given);
        } catch (IOException e) {
            throw new StartFailed(
                    file
                            + " cannot be read or made. Look at its rights, or give"
                            + " ENTREPOT_VAULT_KEY.",
                    e);
        } catch (IllegalArgumentException e) {
            String where = given == null ? file.toString() : "ENTREPOT_VAULT_KEY";
            throw new StartFailed(
                    where + ": " + e.getMessage() + ". Make one with: openssl rand -base64 32", e);
        }
    }
}
