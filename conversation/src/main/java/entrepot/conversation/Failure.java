package entrepot.conversation;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;

/**
 * Why no answer came, in no vendor's words.
 *
 * @param message what is wrong, where, and what would fix it; never a secret
 * @param param the member of the request that is at fault, where one is
 * @param code a machine-readable word more exact than the cause, where one is known
 * @param supplierCode the supplier's own code, kept for the ledger
 * @param supplierRequestId the supplier's request id, kept for its support desk
 * @param retryAfter when the supplier said to come back, else null
 */
public record Failure(
        Cause cause,
        String message,
        @Nullable String param,
        @Nullable String code,
        @Nullable String supplierCode,
        @Nullable String supplierRequestId,
        @Nullable Duration retryAfter) {

    public Failure {
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(message, "message");
    }

    public static Failure of(Cause cause, String message) {
        return new Failure(cause, message, null, null, null, null, null);
    }

    public static Failure at(Cause cause, String message, String param) {
        return new Failure(cause, message, param, null, null, null, null);
    }

    /** A closed set; each dialect renders each with its own status, type and code. */
    public enum Cause {
        /** The request is malformed or asks for what the model cannot do. */
        INVALID_REQUEST(Retry.NEVER),
        /** The caller's credential is missing, unknown, expired or revoked. */
        UNAUTHENTICATED(Retry.NEVER),
        /** The caller is known and may not do this. */
        FORBIDDEN(Retry.NEVER),
        NOT_FOUND(Retry.NEVER),
        MODEL_NOT_FOUND(Retry.NEVER),
        CONFLICT(Retry.NEVER),
        /** The request or its body is over a limit of ours or of the supplier's. */
        TOO_LARGE(Retry.NEVER),
        CONTEXT_TOO_LONG(Retry.NEVER),
        CONTENT_FILTERED(Retry.NEVER),
        /** No supplier's dialect can carry what is asked: the same again will not help. */
        UNSUPPORTED(Retry.NEVER),
        /** A limit of ours was reached. */
        LIMITED(Retry.AFTER),
        BUDGET_EXCEEDED(Retry.NEVER),
        /** The supplier says that we call too often. */
        SUPPLIER_LIMITED(Retry.OTHER),
        /** The supplier refuses our credential or account; the caller's own is fine. */
        SUPPLIER_REFUSED(Retry.OTHER),
        SUPPLIER_OVERLOADED(Retry.OTHER),
        /** The supplier answered with an error of its own. */
        SUPPLIER_FAILED(Retry.OTHER),
        /** The supplier could not be reached, or the connection broke. */
        UNREACHABLE(Retry.OTHER),
        TIMED_OUT(Retry.OTHER),
        /** Nothing is configured, or everything is resting, that could serve this. */
        UNAVAILABLE(Retry.AFTER),
        CANCELLED(Retry.NEVER),
        INTERNAL(Retry.SAME);

        private final Retry retry;

        Cause(Retry retry) {
            this.retry = retry;
        }

        public Retry retry() {
            return retry;
        }
    }

    /** What may help: nothing, the same again, another supplier, or waiting. */
    public enum Retry {
        NEVER,
        SAME,
        OTHER,
        AFTER
    }
}
