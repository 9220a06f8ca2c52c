package entrepot.market;

import entrepot.identity.Caller;

import java.time.Instant;

/**
 * A supposed order: what would become of it, and why?
 *
 * @param model an alias or a canonical id
 * @param storefront the dialect it would come in, such as {@code openai.chat}
 * @param at when it would be made
 * @param known what was learned after this does not count
 */
public record Inquiry(
        Caller caller,
        String model,
        Order.ApiKind api,
        String storefront,
        Order.Purpose purpose,
        Wishes wishes,
        Instant at,
        Instant known) {}
