package entrepot.market;

import entrepot.conversation.Request;
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
        @Nullable Work work) {

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
     */
    public record Verbatim(String dialect, boolean stream, boolean usageAsked, Splice splice) {}

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
