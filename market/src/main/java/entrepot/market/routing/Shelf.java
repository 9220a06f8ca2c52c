package entrepot.market.routing;

import entrepot.market.Receipt.Verdict;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.Model;
import entrepot.market.catalog.Model.Offer;
import entrepot.market.catalog.Supplier;
import entrepot.market.catalog.Supplier.Credential;
import entrepot.market.supply.Supplies;
import entrepot.market.supply.Supply;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All ways to fill orders for each model of one catalogue, made once per snapshot. What was learned
 * of a supplier (its rests, the calls under way) moves on to the next snapshot; a changed key is
 * another key, of which nothing is known yet.
 */
final class Shelf {

    private final Catalogue catalogue;
    private final Map<BreakerName, Breaker> breakers = new HashMap<>();
    private final Map<String, Lane> lanes = new HashMap<>();
    private final Map<GaugeName, Gauge> gauges = new HashMap<>();
    private final Map<String, List<Candidate>> candidates = new HashMap<>();

    private Shelf(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * @param before the shelf of the snapshot before; null at the start
     * @param passed what the gates say of an order that passes
     */
    static Shelf of(
            Catalogue catalogue, @Nullable Shelf before, Supplies supplies, List<Verdict> passed) {
        var shelf = new Shelf(catalogue);
        var bySupplier = new HashMap<String, Supply>();
        catalogue.suppliers().forEach((id, known) -> bySupplier.put(id, supplies.of(known)));
        var own = new HashMap<String, List<Candidate>>();
        for (Model model : catalogue.models().values()) {
            own.put(model.id(), shelf.own(model, before, bySupplier, passed));
        }
        for (Model model : catalogue.models().values()) {
            var all = new ArrayList<>(own.getOrDefault(model.id(), List.of()));
            if (model.fallback() != null) {
                all.addAll(own.getOrDefault(model.fallback(), List.of()));
            }
            shelf.candidates.put(model.id(), List.copyOf(all));
        }
        return shelf;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    /** In order of preference, those of the fallback last. */
    List<Candidate> candidates(Model model) {
        return candidates.getOrDefault(model.id(), List.of());
    }

    Map<String, List<Candidate>> candidates() {
        return candidates;
    }

    private List<Candidate> own(
            Model model,
            @Nullable Shelf before,
            Map<String, Supply> supplies,
            List<Verdict> passed) {
        var own = new ArrayList<Candidate>();
        int place = 0;
        for (Offer offer : model.offers()) {
            place++;
            Supplier supplier = catalogue.supplier(offer.supplier());
            Supply supply = supplies.get(offer.supplier());
            if (supplier == null || supply == null) {
                continue;
            }
            var verdicts = new ArrayList<>(passed);
            verdicts.add(
                    new Verdict(
                            "route",
                            true,
                            "offer %d of %d for %s: %s sells it as %s"
                                    .formatted(
                                            place,
                                            model.offers().size(),
                                            model.id(),
                                            supplier.id(),
                                            offer.name())));
            for (Credential credential : supplier.credentials()) {
                own.add(
                        new Candidate(
                                model,
                                offer,
                                supplier,
                                credential,
                                supply,
                                breaker(before, supplier, credential, model),
                                lane(before, supplier),
                                gauge(before, supplier, model),
                                passed.size(),
                                List.copyOf(verdicts)));
            }
        }
        return own;
    }

    private Breaker breaker(
            @Nullable Shelf before, Supplier supplier, Credential credential, Model model) {
        var name = new BreakerName(supplier.id(), credential, model.id());
        Breaker known = before == null ? null : before.breakers.get(name);
        return breakers.computeIfAbsent(name, _ -> known == null ? new Breaker() : known);
    }

    private Lane lane(@Nullable Shelf before, Supplier supplier) {
        Lane known = before == null ? null : before.lanes.get(supplier.id());
        return lanes.computeIfAbsent(supplier.id(), _ -> known == null ? new Lane() : known);
    }

    private Gauge gauge(@Nullable Shelf before, Supplier supplier, Model model) {
        var name = new GaugeName(supplier.id(), model.id());
        Gauge known = before == null ? null : before.gauges.get(name);
        return gauges.computeIfAbsent(name, _ -> known == null ? new Gauge() : known);
    }

    private record GaugeName(String supplier, String model) {}

    /** The credential itself, so that no key ever inherits what another one did. */
    private record BreakerName(String supplier, Credential credential, String model) {}
}
