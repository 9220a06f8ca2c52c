package entrepot.market.routing;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.market.Counter;
import entrepot.market.Explanation;
import entrepot.market.Inquiry;
import entrepot.market.Market;
import entrepot.market.Order;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Verdict;
import entrepot.market.budgets.Budgets;
import entrepot.market.capacity.Capacity;
import entrepot.market.capacity.Pool;
import entrepot.market.capacity.Report;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.Model;
import entrepot.market.contracts.AsOf;
import entrepot.market.gates.Gates;
import entrepot.market.gates.OfferGates;
import entrepot.market.gates.Question;
import entrepot.market.ledger.Ledger;
import entrepot.market.supply.Supplies;
import entrepot.protocols.Dialect;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The market: leads each order through the gates, then along its route. */
public final class Broker implements Market {

    /** Who is no party of any contract. */
    private static final String NO_TENANT = "";

    private final Supplier<Catalogue> catalogue;
    private final Gates gates;
    private final OfferGates offerGates;
    private final Ranking ranking;
    private final Holds holds;
    private final @Nullable Capacity capacity;
    private final Ledger ledger;
    private final Supplies supplies;
    private final InstantSource clock;
    private final Ids ids;
    private final Pause pause;

    private volatile Shelf shelf;

    /**
     * @param catalogue gives the snapshot in force
     * @param budgets null where nothing is limited
     * @param capacity null where nothing is paid for before it is used
     */
    public Broker(
            Supplier<Catalogue> catalogue,
            Gates gates,
            OfferGates offerGates,
            @Nullable Budgets budgets,
            @Nullable Capacity capacity,
            Ledger ledger,
            Supplies supplies,
            InstantSource clock,
            Ids ids,
            Pause pause) {
        this.catalogue = catalogue;
        this.gates = gates;
        this.offerGates = offerGates;
        this.ranking = new Ranking(offerGates);
        this.holds = new Holds(budgets);
        this.capacity = capacity;
        this.ledger = ledger;
        this.supplies = supplies;
        this.clock = clock;
        this.ids = ids;
        this.pause = pause;
        this.shelf = Shelf.of(catalogue.get(), null, supplies, gates.allPassed());
    }

    @Override
    public Receipt buy(Order order, Counter counter) throws InterruptedException {
        Gates.Refusal refusal = gates.enter(order);
        if (refusal != null) {
            throw refused(order, "", refusal.verdicts(), refusal.failure());
        }
        try {
            Shelf here = shelf();
            Model model = here.catalogue().find(order.model());
            if (model == null) {
                throw unknownModel(order, here.catalogue());
            }
            return new Purchase(this, order, counter, here, model).run();
        } finally {
            gates.leave(order);
        }
    }

    /** What is paid for already, for an order; null where nothing is. */
    @Nullable Ladder ladder(Order order, Shelf here) {
        if (capacity == null || capacity.none(here.catalogue())) {
            return null;
        }
        Instant now = clock.instant();
        return Ladder.of(
                capacity,
                here.catalogue(),
                order.caller().tenant(),
                order.api(),
                AsOf.now(now),
                now);
    }

    /** The ways an order may go, best first. Refuses when there is none. */
    List<Candidate> admitted(Order order, Shelf here, Model model, @Nullable Ladder ladder) {
        Instant now = clock.instant();
        String territory = here.catalogue().demands().buyer(order.caller().tenant()).territory();
        Ranking.Ranked ranked =
                ranking.rank(
                        here.candidates(model),
                        order.wishes(),
                        new Pricing(here.catalogue().prices(), now),
                        candidate ->
                                new Question(
                                        order.caller(),
                                        candidate.model(),
                                        candidate.offer(),
                                        candidate.supplier(),
                                        order.api(),
                                        order.storefront(),
                                        order.purpose(),
                                        territory,
                                        now,
                                        now),
                        ladder,
                        false);
        if (ranked.open().isEmpty() && !ranked.closed().isEmpty()) {
            throw allRefused(order, model, ranked.closed());
        }
        return ranked.open();
    }

    private Failed allRefused(Order order, Model model, List<Candidate> closed) {
        var reasons = new LinkedHashMap<String, Verdict>();
        var verdicts = new ArrayList<>(gates.allPassed());
        for (Candidate candidate : closed) {
            Verdict no = candidate.refusal();
            if (no != null && reasons.putIfAbsent(candidate.supplier().id(), no) == null) {
                verdicts.add(
                        new Verdict(
                                no.gate(),
                                false,
                                candidate.supplier().id() + ": " + no.reason(),
                                no.source(),
                                no.remedy()));
            }
        }
        return refused(order, model.id(), verdicts, OfferGates.refusal(reasons));
    }

    /**
     * What would become of an order, gate by gate and offer by offer. Nothing is called, held or
     * written.
     *
     * @throws Failed when there is no such model
     */
    public Explanation explain(Inquiry inquiry) {
        return new Explainer(gates, ranking, holds, capacity, clock).explain(inquiry, shelf());
    }

    @Override
    public List<Listing> models(Caller caller) {
        if (!caller.may(Caller.Scope.MODELS) && !caller.may(Caller.Scope.AGENTS)) {
            return List.of();
        }
        Catalogue current = catalogue.get();
        var listings = new ArrayList<Listing>();
        for (Model model : current.models().values()) {
            if (offerGates.list(caller, model)) {
                listings.add(listing(model.id(), model, model.note()));
            }
        }
        current.aliases()
                .forEach((alias, id) -> {
                    Model model = current.models().get(id);
                    if (model != null && offerGates.list(caller, model)) {
                        listings.add(listing(alias, model, "alias of " + id));
                    }
                });
        return listings;
    }

    private static Listing listing(String id, Model model, String note) {
        return new Listing(
                id,
                model.vendor(),
                model.createdSeconds(),
                note,
                model.offers().stream().map(Model.Offer::supplier).distinct().toList());
    }

    /**
     * What a model's suppliers speak, in order of preference.
     *
     * @param asked an id or an alias
     * @return null when there is no such model
     */
    public @Nullable List<Spoken> spoken(String asked) {
        Shelf here = shelf();
        Model model = here.catalogue().find(asked);
        return model == null
                ? null
                : here.candidates(model).stream().map(Spoken::of).distinct().toList();
    }

    /** What is known of each supplier, for the health page. */
    public List<SupplierHealth> suppliers() {
        Instant now = clock.instant();
        var bySupplier = new LinkedHashMap<String, SupplierHealth>();
        Shelf here = shelf();
        for (List<Candidate> candidates : here.candidates().values()) {
            for (Candidate candidate : candidates) {
                String id = candidate.supplier().id();
                SupplierHealth health =
                        bySupplier.computeIfAbsent(
                                id,
                                _ ->
                                        new SupplierHealth(
                                                id,
                                                candidate.lane().calls(),
                                                candidate.supplier().callsMax(),
                                                Map.of(),
                                                reserved(id, here, now)));
                Breaker.Rest rest = candidate.breaker().rest();
                if (rest.until().isAfter(now)) {
                    bySupplier.put(id, health.resting(candidate.model().id(), rest));
                }
            }
        }
        return List.copyOf(bySupplier.values());
    }

    /** What a tenant has paid for already, and what is used of it. */
    public Report capacity(String tenant) {
        Instant now = clock.instant();
        return capacity == null
                ? new Report(now, List.of(), List.of())
                : new Report(
                        now, capacity.pools(catalogue.get(), tenant, now), capacity.plans(tenant));
    }

    /** Takes note of what an attempt used. */
    void used(Catalogue snapshot, Receipt receipt) {
        if (capacity != null) {
            capacity.used(snapshot, receipt);
        }
    }

    /** How much of what the catalogue reserves at a supplier is used; null when nothing is. */
    private @Nullable Long reserved(String supplier, Shelf here, Instant now) {
        if (capacity == null) {
            return null;
        }
        Long most = null;
        for (Pool pool : capacity.pools(here.catalogue(), NO_TENANT, now)) {
            if (pool.terms().suppliers().contains(supplier)) {
                long percent = pool.usedPercent(now);
                most = most == null || percent > most ? (Long) percent : most;
            }
        }
        return most;
    }

    /** The shelf of the catalogue in force; a new one when the catalogue has changed. */
    private Shelf shelf() {
        Catalogue current = catalogue.get();
        Shelf here = shelf;
        return here.catalogue().equals(current) ? here : restock(current);
    }

    private synchronized Shelf restock(Catalogue current) {
        if (!shelf.catalogue().equals(current)) {
            shelf = Shelf.of(current, shelf, supplies, gates.allPassed());
        }
        return shelf;
    }

    private Failed unknownModel(Order order, Catalogue current) {
        Failure failure = unknownModel(order.model(), current);
        String message = failure.message();
        var verdicts = new ArrayList<>(gates.allPassed());
        verdicts.add(new Verdict("route", false, message));
        return refused(order, "", verdicts, failure);
    }

    static Failure unknownModel(String asked, Catalogue current) {
        return new Failure(
                Cause.MODEL_NOT_FOUND,
                "no model is called '" + asked + "'" + current.hint(asked),
                "model",
                "model_not_found",
                null,
                null,
                null);
    }

    /** Notes that no supplier was called, and why. */
    Failed refused(Order order, String model, List<Verdict> verdicts, Failure failure) {
        Instant now = clock.instant();
        Order.Work work = order.work();
        ledger.append(
                Receipt.builder()
                        .id(ids.next("rcpt_"))
                        .orderId(order.id())
                        .attempt(0)
                        .tenant(order.caller().tenant())
                        .team(order.caller().team())
                        .principal(order.caller().principal())
                        .keyId(order.caller().keyId())
                        .storefront(order.storefront())
                        .modelAsked(order.model())
                        .model(model)
                        .supplier("")
                        .outcome(Receipt.Outcome.REFUSED)
                        .startedAt(now)
                        .endedAt(now)
                        .sessionId(work == null ? null : work.sessionId())
                        .turnId(work == null ? null : work.turnId())
                        .verdicts(verdicts)
                        .detail(failure.message())
                        .api(order.api())
                        .project(order.purpose().project())
                        .build());
        return new Failed(failure);
    }

    /** What the gates say of an order that passes them all. */
    List<Verdict> passed() {
        return gates.allPassed();
    }

    Holds holds() {
        return holds;
    }

    Ledger ledger() {
        return ledger;
    }

    InstantSource clock() {
        return clock;
    }

    Ids ids() {
        return ids;
    }

    Pause pause() {
        return pause;
    }

    /**
     * What one offer is bought in.
     *
     * @param name the supplier's own for the model
     * @param dialects the preferred one first; empty for a model of this process
     */
    public record Spoken(String supplier, String name, List<Dialect> dialects) {

        private static Spoken of(Candidate candidate) {
            return new Spoken(
                    candidate.supplier().id(),
                    candidate.offer().name(),
                    candidate.supply().dialects());
        }
    }

    /**
     * How one supplier does.
     *
     * @param resting until when, by model, and why
     * @param reservedPercent how much of its reserved units was used in the last minute; null where
     *     the catalogue reserves none
     */
    public record SupplierHealth(
            String supplier,
            int calls,
            int callsMax,
            Map<String, String> resting,
            @Nullable Long reservedPercent) {

        /** A supplier without reserved units. */
        public SupplierHealth(
                String supplier, int calls, int callsMax, Map<String, String> resting) {
            this(supplier, calls, callsMax, resting, null);
        }

        public SupplierHealth {
            resting = Map.copyOf(resting);
        }

        private SupplierHealth resting(String model, Breaker.Rest rest) {
            var more = new LinkedHashMap<>(resting);
            Failure reason = rest.reason();
            more.put(
                    model,
                    "rests until "
                            + rest.until()
                            + (reason == null ? "" : ": " + reason.message()));
            return new SupplierHealth(supplier, calls, callsMax, more, reservedPercent);
        }
    }
}
