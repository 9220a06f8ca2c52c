package entrepot.market.routing;

import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.market.Order.ApiKind;
import entrepot.market.Receipt.Verdict;
import entrepot.market.Wishes;
import entrepot.market.capacity.Capacity;
import entrepot.market.capacity.Commitments;
import entrepot.market.capacity.Pool;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.Reservation.Spill;
import entrepot.market.contracts.AsOf;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Puts what is paid already before what is not, among the offers of one model: reserved units with
 * room, then commitments that are behind plan, then on demand, and reserved units that are full at
 * last. Says of each offer why it stands where it does.
 */
final class Ladder {

    private static final Duration MEASURED = Duration.ofMinutes(1);
    private static final Verdict ON_DEMAND = new Verdict(Pool.LADDER, true, "on demand");

    private final Capacity capacity;
    private final Catalogue catalogue;
    private final String tenant;
    private final ApiKind api;
    private final AsOf asOf;
    private final Instant now;

    private Ladder(
            Capacity capacity,
            Catalogue catalogue,
            String tenant,
            ApiKind api,
            AsOf asOf,
            Instant now) {
        this.capacity = capacity;
        this.catalogue = catalogue;
        this.tenant = tenant;
        this.api = api;
        this.asOf = asOf;
        this.now = now;
    }

    /**
     * The ladder for an order.
     *
     * @param now what was used until then is measured
     * @return null where nothing is paid for already
     */
    static @Nullable Ladder of(
            @Nullable Capacity capacity,
            Catalogue catalogue,
            String tenant,
            ApiKind api,
            AsOf asOf,
            Instant now) {
        return capacity == null || capacity.none(catalogue)
                ? null
                : new Ladder(capacity, catalogue, tenant, api, asOf, now);
    }

    /** From the first to be tried to the last. */
    private enum Rung {
        RESERVED,
        COMMITTED,
        ON_DEMAND,
        FULL
    }

    /**
     * Where one candidate stands.
     *
     * @param refused whether the supplier says that its units are full
     */
    private record Step(
            Candidate candidate,
            Rung rung,
            @Nullable Pool pool,
            boolean full,
            boolean refused,
            Commitments.@Nullable Plan plan) {

        boolean hasRoom() {
            return pool != null && !full;
        }
    }

    /**
     * @param open in the order of attempts
     * @param closed those that may not be bought because reserved units never spill
     */
    record Sorted(List<Candidate> open, List<Candidate> closed) {}

    /**
     * Sorts. Where the caller has wished for an order, nothing is closed.
     *
     * @param spills whether it is for an order, which is then counted as spilled
     */
    Sorted sorted(List<Candidate> candidates, Wishes wishes, boolean spills) {
        var groups = new LinkedHashMap<String, List<Step>>();
        boolean paid = false;
        for (Candidate candidate : candidates) {
            Step step = step(candidate);
            paid |= step.rung() != Rung.ON_DEMAND;
            groups.computeIfAbsent(candidate.model().id(), _ -> new ArrayList<>()).add(step);
        }
        if (!paid) {
            return new Sorted(candidates, List.of());
        }
        var open = new ArrayList<Candidate>(candidates.size());
        var closed = new ArrayList<Candidate>();
        var into = new Sorted(open, closed);
        Verdict kept = null;
        for (List<Step> steps : groups.values()) {
            if (kept != null) {
                Verdict why = kept;
                steps.stream()
                        .filter(step -> step.pool() == null)
                        .forEach(step -> closed.add(heard(step, why)));
                steps.removeIf(step -> step.pool() == null);
            }
            Verdict keeping = climb(steps, wishes, spills, into);
            kept = kept == null ? keeping : kept;
        }
        return into;
    }

    /**
     * The offers of one model.
     *
     * @return why nothing else may be bought, of a fallback neither; null when it may
     */
    private @Nullable Verdict climb(List<Step> steps, Wishes wishes, boolean spills, Sorted into) {
        Step full = spilling(steps);
        Pool pool = full == null ? null : full.pool();
        if (full == null || pool == null) {
            steps.sort(Comparator.comparing(Step::rung));
            steps.forEach(step -> into.open().add(heard(step, said(step))));
            return null;
        }
        if (spills) {
            pool.spill();
        }
        Verdict never =
                pool.terms().spill() == Spill.NEVER && neutral(wishes)
                        ? refusal(pool, full.refused())
                        : null;
        List<String> to = pool.terms().spillTo();
        steps.sort(Comparator.comparing(Step::rung).thenComparingInt(step -> place(to, step)));
        for (Step step : steps) {
            if (step.pool() != null) {
                into.open().add(heard(step, said(step)));
            } else if (never != null) {
                into.closed().add(heard(step, never));
            } else {
                String rung = step.plan() == null ? "on demand" : committed(step.plan());
                into.open().add(heard(step, pool.full(now, full.refused(), "spilled to " + rung)));
            }
        }
        return never;
    }

    /** The first whose units are full, when nobody's have room. */
    private static @Nullable Step spilling(List<Step> steps) {
        Step first = null;
        for (Step step : steps) {
            if (step.hasRoom()) {
                return null;
            }
            first = first == null && step.full() ? step : first;
        }
        return first;
    }

    private static int place(List<String> channels, Step step) {
        int place = channels.indexOf(step.candidate().supplier().channel().name());
        return place < 0 ? channels.size() : place;
    }

    private static boolean neutral(Wishes wishes) {
        return wishes.sort() == null && wishes.order().isEmpty();
    }

    private static Candidate heard(Step step, Verdict verdict) {
        return step.candidate().heard(List.of(verdict));
    }

    private Verdict refusal(Pool pool, boolean refused) {
        Verdict full = pool.full(now, refused, "not bought");
        return new Verdict(
                Pool.LADDER,
                false,
                full.reason() + ", and never spill",
                full.source(),
                "spill: next at the supplier in the catalogue lets such orders go elsewhere");
    }

    private Verdict said(Step step) {
        Pool pool = step.pool();
        if (pool != null) {
            if (!step.full()) {
                return pool.room();
            }
            boolean never = pool.terms().spill() == Spill.NEVER;
            return pool.full(now, step.refused(), never ? "kept here" : "put last");
        }
        Commitments.Plan plan = step.plan();
        return plan == null
                ? ON_DEMAND
                : new Verdict(Pool.LADDER, true, committed(plan), plan.clause().ref(), null);
    }

    private static String committed(Commitments.Plan plan) {
        return "committed: " + plan.clause().ref() + " is behind plan, " + plan.words();
    }

    private Step step(Candidate candidate) {
        Pool pool = pool(candidate);
        if (pool == null) {
            Commitments.Plan plan =
                    capacity.atRisk(
                            catalogue,
                            tenant,
                            candidate.supplier().channel().name(),
                            candidate.model().id(),
                            api);
            Rung rung = plan == null ? Rung.ON_DEMAND : Rung.COMMITTED;
            return new Step(candidate, rung, null, false, false, plan);
        }
        boolean measured = Duration.between(asOf.at(), now).abs().compareTo(MEASURED) <= 0;
        boolean refused = measured && isRefused(candidate.breaker().rest());
        boolean full = refused || (measured && pool.isFull(now));
        Rung rung = full && pool.terms().spill() == Spill.NEXT ? Rung.FULL : Rung.RESERVED;
        return new Step(candidate, rung, pool, full, refused, null);
    }

    private boolean isRefused(Breaker.Rest rest) {
        Failure reason = rest.reason();
        return reason != null
                && reason.cause() == Cause.SUPPLIER_LIMITED
                && rest.until().isAfter(now);
    }

    /** The reserved units that a candidate would use; null when there are none. */
    private @Nullable Pool pool(Candidate candidate) {
        return capacity.pool(
                catalogue, tenant, candidate.supplier().id(), candidate.model().id(), asOf);
    }

    /**
     * What becomes of the others when a supplier has refused its reserved units.
     *
     * @return null when it was none of reserved units, or it is theirs too
     */
    @Nullable Spilling spilling(Candidate refusing, Candidate other, Wishes wishes) {
        Pool pool = pool(refusing);
        if (pool == null || pool.equals(pool(other))) {
            return null;
        }
        return pool.terms().spill() == Spill.NEVER && neutral(wishes) && pool(other) == null
                ? new Spilling.Kept()
                : new Spilling.Told(pool.full(now, true, "spilled"));
    }

    /** Counts an order whose reserved units were refused while it ran. */
    void spilled(Candidate refusing) {
        Pool pool = pool(refusing);
        if (pool != null) {
            pool.spill();
        }
    }

    /** What becomes of another offer. */
    sealed interface Spilling {

        /** It is not bought: the units never spill. */
        record Kept() implements Spilling {}

        /** It may be tried, and its receipt says why. */
        record Told(Verdict why) implements Spilling {}
    }
}
