package entrepot.market.contracts;

import entrepot.market.Order.ApiKind;
import entrepot.market.contracts.Judgement.Consulted;
import entrepot.market.contracts.Judgement.Finding;

import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The clauses that bind carriages, found by model and kind of api without looking at the others.
 */
final class CarriageIndex {

    private static final Rack NONE = new Rack(List.of());

    private final Map<String, Map<ApiKind, Rack>> byModel = new HashMap<>();
    private final Map<String, Map<ApiKind, Rack>> byVendor = new HashMap<>();
    private final Map<ApiKind, Rack> others;

    /**
     * @param clauses in the order in which they are to decide
     */
    CarriageIndex(Collection<Clause> clauses, Collection<Contract> contracts, Amendments all) {
        var waivers = new HashMap<String, List<Bound>>();
        for (Clause clause : clauses) {
            if (clause instanceof Clause.Waiver waiver) {
                waivers.computeIfAbsent(waiver.waives(), ref -> new ArrayList<>())
                        .add(new Bound(waiver, all.of(waiver), Bound.Parts.WAIVER));
            }
        }
        var bounds = new ArrayList<Bound>();
        for (Clause clause : clauses) {
            if (binds(clause)) {
                List<Bound> lifted = waivers.getOrDefault(clause.ref(), List.of());
                bounds.add(new Bound(clause, all.of(clause), parts(clause, contracts, lifted)));
            }
        }
        bounds.sort(Comparator.comparingInt(bound -> rank(bound.clause)));
        for (Bound bound : bounds) {
            for (String model : bound.clause.heading().scope().models()) {
                if (model.endsWith("/*")) {
                    byVendor.putIfAbsent(model.substring(0, model.length() - 2), Map.of());
                } else {
                    byModel.putIfAbsent(model, Map.of());
                }
            }
        }
        byVendor.replaceAll((vendor, none) -> of(bounds, vendor + "/*"));
        byModel.replaceAll((model, none) -> of(bounds, model));
        others = of(bounds, "");
    }

    static boolean binds(Clause clause) {
        return switch (clause) {
            case Clause.Exclusivity exclusivity -> exclusivity.of() == Clause.Goods.CALLS;
            case Clause.FirstShip _ -> true;
            case Clause.Licence licence -> licence.use() == Clause.Use.RESALE;
            default -> false;
        };
    }

    private static int rank(Clause clause) {
        return switch (clause) {
            case Clause.Exclusivity _ -> 0;
            case Clause.Licence _ -> 1;
            default -> 2;
        };
    }

    private static Map<ApiKind, Rack> of(List<Bound> bounds, String model) {
        var byKind = new EnumMap<ApiKind, Rack>(ApiKind.class);
        for (ApiKind kind : ApiKind.values()) {
            byKind.put(
                    kind,
                    new Rack(
                            bounds.stream()
                                    .filter(bound ->
                                            speaks(bound.clause.heading().scope(), model, kind))
                                    .toList()));
        }
        return byKind;
    }

    private static boolean speaks(Scope scope, String model, ApiKind kind) {
        return (scope.apis().isEmpty() || scope.apis().contains(kind)) && scope.coversModel(model);
    }

    private static Bound.Parts parts(
            Clause clause, Collection<Contract> contracts, List<Bound> waivers) {
        return switch (clause) {
            case Clause.Exclusivity exclusivity ->
                    new Bound.Parts(waivers, Set.copyOf(exclusivity.channels()), false, Map.of());
            case Clause.FirstShip first ->
                    new Bound.Parts(
                            waivers,
                            Set.copyOf(first.channels()),
                            false,
                            shipments(first, contracts));
            case Clause.Licence licence -> {
                Set<String> channels = channels(licence, contracts);
                boolean any = licence.licensees().isEmpty() && licence.channels().isEmpty();
                yield new Bound.Parts(waivers, channels, any, Map.of());
            }
            default -> throw new IllegalStateException("binds no carriage: " + clause.ref());
        };
    }

    private static Set<String> channels(Clause.Licence licence, Collection<Contract> contracts) {
        if (!licence.channels().isEmpty()) {
            return Set.copyOf(licence.channels());
        }
        var channels = new TreeSet<String>();
        for (Contract contract : contracts) {
            for (Party party : contract.parties().values()) {
                if (licence.licensees().contains(party.id())
                        || licence.licensor().equals(party.id())) {
                    channels.addAll(party.channels());
                }
            }
        }
        return Set.copyOf(channels);
    }

    private static Map<String, long[][]> shipments(
            Clause.FirstShip first, Collection<Contract> contracts) {
        var shipments = new HashMap<String, List<long[]>>();
        for (Contract contract : contracts) {
            for (Occurrence occurrence : contract.occurrences()) {
                if (occurrence instanceof Occurrence.Shipped shipped
                        && first.channels().contains(shipped.channel())) {
                    shipments
                            .computeIfAbsent(shipped.model(), model -> new ArrayList<>())
                            .add(
                                    new long[] {
                                        Bound.millis(shipped.learned()),
                                        Bound.millis(shipped.at()),
                                        Bound.millis(end(first, shipped.at()))
                                    });
                }
            }
        }
        var found = new HashMap<String, long[][]>();
        shipments.forEach((model, times) -> found.put(model, times.toArray(long[][]::new)));
        return found;
    }

    /** When the window that opened at a time closes. */
    static Instant end(Clause.FirstShip first, Instant opened) {
        Period window = first.window();
        return window == null ? opened : first.heading().after(opened, window);
    }

    Judgement judge(Carriage carriage) {
        long at = Bound.millis(carriage.at());
        long known = Bound.millis(carriage.known());
        var judging = new Judging(carriage);
        Rack rack = find(carriage);
        for (int i = 0; i < rack.bounds.length; i++) {
            if (at < rack.from[i] || at >= rack.to[i]) {
                continue;
            }
            Bound bound = rack.bounds[i];
            if (bound.inForce(at, known) && bound.coversSale(carriage)) {
                judging.add(
                        bound,
                        bound.isWaived(carriage, at, known)
                                ? Finding.WAIVED
                                : bound.finding(carriage, at, known));
            }
        }
        return judging.done(known);
    }

    private Rack find(Carriage carriage) {
        Map<ApiKind, Rack> found = byModel.get(carriage.model());
        if (found == null) {
            found = byVendor.get(carriage.vendor());
        }
        if (found == null) {
            found = others;
        }
        return found.getOrDefault(carriage.api(), NONE);
    }

    /** Clauses with their times beside one another, so that most are passed over unread. */
    private static final class Rack {

        private final Bound[] bounds;
        private final long[] from;
        private final long[] to;

        Rack(List<Bound> bounds) {
            this.bounds = bounds.toArray(Bound[]::new);
            this.from = bounds.stream().mapToLong(Bound::from).toArray();
            this.to = bounds.stream().mapToLong(Bound::to).toArray();
        }
    }

    /** One judgement being made. */
    private static final class Judging {

        private final Carriage carriage;
        private final List<Consulted> consulted = new ArrayList<>(4);
        private final List<Bound> bounds = new ArrayList<>(4);
        private int deciding = -1;
        private Finding strongest = Finding.SILENT;

        Judging(Carriage carriage) {
            this.carriage = carriage;
        }

        void add(Bound bound, Finding finding) {
            consulted.add(new Consulted(bound.clause, finding));
            bounds.add(bound);
            if (finding.compareTo(strongest) < 0) {
                strongest = finding;
                deciding = consulted.size() - 1;
            }
        }

        Judgement done(long known) {
            boolean allowed = strongest != Finding.FORBIDS;
            return new Judgement(
                    carriage,
                    allowed,
                    deciding < 0 ? null : consulted.get(deciding).clause(),
                    allowed ? Instant.MAX : bounds.get(deciding).until(carriage, known),
                    consulted,
                    allowed ? Set.of() : open());
        }

        /** The channels that every exclusive clause names. */
        private Set<String> open() {
            TreeSet<String> open = null;
            for (int i = 0; i < bounds.size(); i++) {
                Finding finding = consulted.get(i).finding();
                if (finding == Finding.FORBIDS || finding == Finding.NAMES_CHANNEL) {
                    if (open == null) {
                        open = new TreeSet<>(bounds.get(i).channels());
                    } else {
                        open.retainAll(bounds.get(i).channels());
                    }
                }
            }
            return open == null ? Set.of() : open;
        }
    }
}
