package entrepot.market.capacity;

import java.time.Instant;
import java.util.List;

/**
 * What one tenant has paid for already.
 *
 * @param at when it was looked at
 * @param pools the units it may use, as this node measures them
 * @param plans what its party has promised to spend, as forecast last
 */
public record Report(Instant at, List<Pool> pools, List<Commitments.Plan> plans) {

    public Report {
        pools = List.copyOf(pools);
        plans = List.copyOf(plans);
    }
}
