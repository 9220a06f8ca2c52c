package entrepot.app.server;

import entrepot.market.contracts.evidence.EvidenceKey;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * Keeps the pair that evidence is signed with. Only its owner may read it. Nodes on one database
 * sign alike when they are given the same file.
 */
final class EvidenceFile {

    private EvidenceFile() {}

    /**
     * The pair in a file, which is made when it is not there yet.
     *
     * @throws StartFailed when the file cannot be read or made, or holds something else
     */
    static EvidenceKey read(Path file, SecureRandom random) {
        try {
            return EvidenceKey.read(OwnFile.read(file, EvidenceKey.make(random)::secretPem));
        } catch (IOException e) {
            throw new StartFailed(file + " cannot be read or made. Look at its rights.", e);
        } catch (IllegalArgumentException e) {
            throw new StartFailed(
                    file
                            + " holds no pair of Ed25519. Put back the one that was there, or"
                            + " move the file away: then a new one is made.",
                    e);
        }
    }
}
