package entrepot.market.routing;

import entrepot.market.Receipt.Verdict;
import entrepot.market.catalog.Model;
import entrepot.market.catalog.Model.Offer;
import entrepot.market.catalog.Supplier;
import entrepot.market.catalog.Supplier.Credential;
import entrepot.market.supply.Supply;

import java.util.List;

/**
 * One way to fill an order: an offer, and the key to take it up with.
 *
 * @param verdicts what a receipt says of an order that passed all gates and came here
 */
record Candidate(
        Model model,
        Offer offer,
        Supplier supplier,
        Credential credential,
        Supply supply,
        Breaker breaker,
        Lane lane,
        List<Verdict> verdicts) {

    boolean tryEnter() {
        return lane.tryEnter(supplier.callsMax());
    }
}
