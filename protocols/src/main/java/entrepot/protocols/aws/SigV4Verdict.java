package entrepot.protocols.aws;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** Whether a request was signed by the one it names. */
public sealed interface SigV4Verdict {

    /**
     * It was.
     *
     * @param sessionToken as the client sent it: whether it is good is for the caller to say, and
     *     it need not have been signed
     * @param validUntil when the same request will no longer be accepted
     * @param signature to remember, where requests are to be accepted once ({@link ReplayGuard})
     */
    record Verified(
            String accessKeyId,
            @Nullable String sessionToken,
            AwsScope scope,
            Instant signedAt,
            Instant validUntil,
            String signature)
            implements SigV4Verdict {

        /** Without token and signature, which open doors. */
        @Override
        public String toString() {
            return accessKeyId + " for " + scope + " at " + signedAt;
        }
    }

    /**
     * It was not, or cannot be accepted.
     *
     * @param message for the client: what is wrong and what would fix it; never a secret
     */
    record Refused(Reason reason, String message) implements SigV4Verdict {}

    /** Each with the error that AWS answers with, all of them with status 403. */
    enum Reason {
        /** No signature at all. */
        MISSING("MissingAuthenticationTokenException"),
        /** A signature that cannot be read, or lacks a part. */
        MALFORMED("IncompleteSignatureException"),
        /** A way to sign that is not offered here. */
        UNSUPPORTED("InvalidSignatureException"),
        /** A header that has to be signed is not. */
        HEADER_UNSIGNED("InvalidSignatureException"),
        /** Signed for another day, region or service. */
        SCOPE_WRONG("InvalidSignatureException"),
        UNKNOWN_KEY("UnrecognizedClientException"),
        /** The client's clock and ours are too far apart, or the request was long under way. */
        SKEWED("InvalidSignatureException"),
        /** A presigned request after its time. */
        EXPIRED("InvalidSignatureException"),
        SIGNATURE_WRONG("InvalidSignatureException"),
        /** The body was left out of the signature. */
        BODY_UNSIGNED("InvalidSignatureException"),
        /** All is signed well, but the body is not the one that was signed. */
        BODY_CHANGED("InvalidSignatureException");

        private final String awsException;

        Reason(String awsException) {
            this.awsException = awsException;
        }

        public String awsException() {
            return awsException;
        }
    }
}
