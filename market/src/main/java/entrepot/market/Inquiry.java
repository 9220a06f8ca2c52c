package entrepot.market;

import entrepot.identity.Caller;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A supposed order: what would become of it, and why?
 *
 * @param model an alias or a canonical id
 * @param storefront the dialect it would come in, such as {@code openai.chat}
 * @param at when it would be made
 * @param known what was learned after this does not count
 * @param extent how large it would be
 */
public record Inquiry(
        Caller caller,
        String model,
        Order.ApiKind api,
        String storefront,
        Order.Purpose purpose,
        Wishes wishes,
        Instant at,
        Instant known,
        Extent extent) {

    /** One as large as its model allows. */
    public Inquiry(
            Caller caller,
            String model,
            Order.ApiKind api,
            String storefront,
            Order.Purpose purpose,
            Wishes wishes,
            Instant at,
            Instant known) {
        this(caller, model, api, storefront, purpose, wishes, at, known, Extent.LARGEST);
    }

    /**
     * How large a call would be.
     *
     * @param inputTokens null for as many as the model takes
     * @param outputTokens the most it may answer; null for as many as the model writes
     * @param tier the service tier asked for; null for none
     */
    public record Extent(
            @Nullable Long inputTokens, @Nullable Long outputTokens, @Nullable String tier) {

        public static final Extent LARGEST = new Extent(null, null, null);
    }
}
