package entrepot.gateway.storefronts;

import entrepot.http.Headers;
import entrepot.market.Deal;
import entrepot.market.Losses;

/** What every answer that was bought says of its deal. */
public final class DealHeaders {

    private DealHeaders() {}

    public static Headers of(Deal deal, String contentType) {
        Headers headers =
                Headers.of(
                        "content-type",
                        contentType,
                        "x-entrepot-order",
                        deal.orderId(),
                        "x-entrepot-model",
                        deal.model(),
                        "x-entrepot-supplier",
                        deal.supplier());
        return deal.losses().isEmpty()
                ? headers
                : headers.plus("x-entrepot-losses", Losses.text(deal.losses()));
    }

    /** The same for an answer in pieces, which nobody on the way may keep or gather. */
    public static Headers stream(Deal deal, String contentType) {
        return of(deal, contentType)
                .plus("cache-control", "no-cache, no-transform")
                .plus("x-accel-buffering", "no");
    }
}
