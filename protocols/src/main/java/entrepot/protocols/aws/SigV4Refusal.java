package entrepot.protocols.aws;

import entrepot.protocols.aws.SigV4Verdict.Reason;
import entrepot.protocols.aws.SigV4Verdict.Refused;

/** Carries a refusal out of the reading of a request; never leaves the package. */
final class SigV4Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Refused refused;

    SigV4Refusal(Reason reason, String message) {
        super(message, null, false, false);
        this.refused = new Refused(reason, message);
    }

    Refused refused() {
        return refused;
    }
}
