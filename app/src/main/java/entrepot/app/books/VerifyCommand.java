package entrepot.app.books;

import entrepot.market.contracts.evidence.EvidenceKey;
import entrepot.market.contracts.evidence.SignedEvidence;
import entrepot.market.contracts.evidence.SignedEvidence.Verified;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.concurrent.Callable;

/** {@code entrepot contracts verify}. */
@Command(
        name = "verify",
        description = {
            "Says whether signed evidence has not changed; needs no server.",
            "Exit code 1 when it has, or was signed with another key."
        })
public final class VerifyCommand implements Callable<Integer> {

    private final Desk desk;

    @Parameters(paramLabel = "FILE", description = "what contracts evidence wrote")
    Path file = Path.of("");

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "the signer's public key as PEM (default: the one in the document)")
    @Nullable Path key;

    public VerifyCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() {
        byte[] document = SheetOutput.read(file).getBytes(StandardCharsets.UTF_8);
        Verified verified =
                key == null
                        ? SignedEvidence.verify(document)
                        : SignedEvidence.verify(document, publicKey(key));
        desk.print((verified.good() ? "good: " : "NOT good: ") + verified.reason());
        if (verified.good() && key == null) {
            desk.say(
                    "That key stands in the document itself. Whose it is, the signer must say:"
                            + " GET /admin/v1/contracts/evidence-key.");
        }
        return verified.good() ? 0 : 1;
    }

    private static PublicKey publicKey(Path file) {
        try {
            return EvidenceKey.publicKey(SheetOutput.read(file));
        } catch (IllegalArgumentException e) {
            throw new Unusable(file + " holds no public key of Ed25519 as PEM.");
        }
    }
}
