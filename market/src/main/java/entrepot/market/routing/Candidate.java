package entrepot.market.routing;

import entrepot.market.Receipt.Verdict;
import entrepot.market.catalog.Model;
import entrepot.market.catalog.Model.Offer;
import entrepot.market.catalog.Supplier;
import entrepot.market.catalog.Supplier.Credential;
import entrepot.market.supply.Supply;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * One way to fill an order: an offer, and the key to take it up with.
 *
 * @param passed how many of the verdicts concern the whole order; they come first
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
        Gauge gauge,
        int passed,
        List<Verdict> verdicts) {

    /** The same, with what gates said of it put before where it stands. */
    Candidate heard(List<Verdict> said) {
        if (said.isEmpty()) {
            return this;
        }
        var all = new ArrayList<>(verdicts);
        all.addAll(all.size() - 1, said);
        return new Candidate(
                model,
                offer,
                supplier,
                credential,
                supply,
                breaker,
                lane,
                gauge,
                passed,
                List.copyOf(all));
    }

    /** The no that stands against it; null when there is none. */
    @Nullable Verdict refusal() {
        for (Verdict verdict : verdicts) {
            if (!verdict.passed()) {
                return verdict;
            }
        }
        return null;
    }

    boolean tryEnter() {
        return lane.tryEnter(supplier.callsMax());
    }
}
