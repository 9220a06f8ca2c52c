package entrepot.market;

import entrepot.conversation.Request;
import entrepot.http.Headers;
import entrepot.identity.Caller;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.function.Supplier;

/**
 * One request for a model by a principal.
 *
 * @param id {@code ord_…}
 * @param model as asked for: an alias or a canonical id
 * @param storefront where it came in, such as {@code openai.chat} or {@code agents}
 * @param deadline when an answer is of no use any more
 * @param request the request in canonical words; asked for at most once, and only when the chosen
 *     supplier does not speak the counter's own dialect. May throw {@code Failed}
 * @param verbatim the caller's own bytes, when they may be passed on; else null
 * @param work the session and turn it is bought for, when it is
 * @param losses what the caller allows to be lost in translation
 */
public record Order(
        String id,
        Caller caller,
        String model,
        ApiKind api,
        String storefront,
        Instant deadline,
        Supplier<Request> request,
        @Nullable Verbatim verbatim,
        @Nullable Work work,
        Losses losses) {

    /** What kind of channel an order needs; contracts speak of it. */
    public enum ApiKind {
        STATELESS,
        STATEFUL,
        PLATFORM
    }

    /**
     * A body that was validated whole and can be sent on with only its model changed.
     *
     * @param dialect such as {@code openai.chat}
     * @param stream whether it asks for a stream
     * @param usageAsked whether the caller asked for the usage of a stream
     * @param headers of the dialect's own that the caller sent, such as {@code anthropic-beta}; a
     *     supplier's own list decides which of them go on. Never a credential
     */
    public record Verbatim(
            String dialect, boolean stream, boolean usageAsked, Splice splice, Headers headers) {

        public Verbatim(String dialect, boolean stream, boolean usageAsked, Splice splice) {
            this(dialect, stream, usageAsked, splice, Headers.NONE);
        }
    }

    /** What becomes of what a supplier's dialect cannot carry. Hints are dropped and named. */
    public enum Losses {
        /** An order that would lose meaning is refused. */
        REFUSE,
        /** The caller takes the answer all the same; what was lost is named. */
        REPORT
    }

    /** The caller's bytes with another model in them. */
    @FunctionalInterface
    public interface Splice {

        /**
         * @param model the supplier's own name for the model
         * @param askUsage whether the supplier must be asked for the usage of a stream
         */
        byte[] with(String model, boolean askUsage);
    }

    /** The agent's work an order belongs to. */
    public record Work(String sessionId, String turnId, int attempt) {}
}
