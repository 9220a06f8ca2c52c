package entrepot.gateway.door;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.http.Exchange;
import entrepot.identity.Caller;
import entrepot.identity.Keys;
import entrepot.identity.Secret;
import entrepot.protocols.aws.AwsRequest;
import entrepot.protocols.aws.SigV4Rules;
import entrepot.protocols.aws.SigV4Verdict;
import entrepot.protocols.aws.SigV4Verdict.Reason;
import entrepot.protocols.aws.SigV4Verifier;

import java.time.Instant;

/**
 * Verifies requests that AWS's clients sign (SigV4) with key pairs that were issued here. Path,
 * query and headers are looked at as they came.
 */
final class Signatures {

    private static final String ALGORITHM_START = "AWS4-";

    private final Keys keys;
    private final SigV4Verifier verifier;

    Signatures(Keys keys) {
        this.keys = keys;
        this.verifier =
                new SigV4Verifier(
                        SigV4Rules.of("bedrock", "bedrock-runtime", "bedrock-mantle"),
                        id -> keys.signingSecret(id).map(Secret::reveal).orElse(null));
    }

    /** Whether a request is signed, well or badly, rather than showing a key. */
    static boolean isSigned(Exchange exchange) {
        String authorization = exchange.headers().get("authorization");
        return (authorization != null && authorization.startsWith(ALGORITHM_START))
                || exchange.query().contains("X-Amz-Signature=")
                || exchange.query().contains("X-Amz-Algorithm=");
    }

    /**
     * Who signed a request.
     *
     * @throws Failed {@code UNAUTHENTICATED}, with AWS's name for what is wrong as its code
     */
    Caller caller(Exchange exchange, Instant now) {
        return switch (verifier.verify(request(exchange), now)) {
            case SigV4Verdict.Verified verified -> caller(verified);
            case SigV4Verdict.Refused refused -> throw refused(refused.reason(), refused.message());
        };
    }

    private Caller caller(SigV4Verdict.Verified verified) {
        if (verified.sessionToken() != null) {
            throw refused(
                    Reason.UNKNOWN_KEY,
                    "No session tokens are issued here: sign without x-amz-security-token.");
        }
        return keys.signer(verified.accessKeyId())
                .orElseThrow(
                        () -> refused(Reason.UNKNOWN_KEY, "The access key is expired or revoked."));
    }

    private static AwsRequest request(Exchange exchange) {
        var headers =
                exchange.headers().fields().stream()
                        .map(field -> new AwsRequest.Header(field.name(), field.value()))
                        .toList();
        try {
            return AwsRequest.of(
                    exchange.method(), exchange.path(), exchange.query(), headers, exchange.body());
        } catch (IllegalArgumentException e) {
            throw refused(Reason.MALFORMED, "The request cannot be read: " + e.getMessage() + ".");
        }
    }

    private static Failed refused(Reason reason, String message) {
        return new Failed(
                new Failure(
                        Failure.Cause.UNAUTHENTICATED,
                        message,
                        null,
                        reason.awsException(),
                        null,
                        null,
                        null));
    }
}
