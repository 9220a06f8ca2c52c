package entrepot.market.gates;

import entrepot.identity.Caller;
import entrepot.market.Order;
import entrepot.market.catalog.Model;
import entrepot.market.catalog.Supplier;

import java.time.Instant;

/**
 * May this caller's call go this way?
 *
 * @param api what kind of call it is
 * @param storefront the dialect it comes in, such as {@code openai.chat}
 * @param territory the buyer's country, ISO 3166-1 alpha-2; empty when not known
 * @param at when the call is made: what is in force then counts
 * @param known what was learned later than this does not count
 */
public record Question(
        Caller caller,
        Model model,
        Model.Offer offer,
        Supplier supplier,
        Order.ApiKind api,
        String storefront,
        Order.Purpose purpose,
        String territory,
        Instant at,
        Instant known) {

    /** A question of a buyer whose country is not known. */
    public Question(
            Caller caller,
            Model model,
            Model.Offer offer,
            Supplier supplier,
            Order.ApiKind api,
            String storefront,
            Order.Purpose purpose,
            Instant at,
            Instant known) {
        this(caller, model, offer, supplier, api, storefront, purpose, "", at, known);
    }
}
