package entrepot.market.contracts;

import entrepot.market.contracts.Amendments.Successor;
import entrepot.market.contracts.Judgement.Finding;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A clause that may bind carriages, laid out so that asking it costs a few comparisons. */
final class Bound {

    private static final long[][] NONE = {};

    final Clause clause;
    private final Scope scope;
    private final long from;
    private final long to;
    private final long learned;

    /** Of each successor: known from, takes over from. */
    private final long[][] successors;

    private final List<Bound> waivers;

    private final Set<String> channels;
    private final boolean anyChannel;

    /** Of each shipment of a model: learned, at, end of the window. */
    private final Map<String, long[][]> shipments;

    /** What only some kinds of clauses have. */
    record Parts(
            List<Bound> waivers,
            Set<String> channels,
            boolean anyChannel,
            Map<String, long[][]> shipments) {

        static final Parts WAIVER = new Parts(List.of(), Set.of(), true, Map.of());
    }

    Bound(Clause clause, List<Successor> successors, Parts parts) {
        Heading heading = clause.heading();
        this.clause = clause;
        this.scope = heading.scope();
        this.from = millis(heading.from());
        this.to = millis(heading.to());
        this.learned = millis(heading.learned());
        this.successors =
                successors.stream()
                        .map(each -> new long[] {millis(each.known()), millis(each.from())})
                        .toArray(long[][]::new);
        this.waivers = parts.waivers();
        this.channels = parts.channels();
        this.anyChannel = parts.anyChannel();
        this.shipments = parts.shipments();
    }

    /** Rounded down, which changes no comparison: clauses have no finer times. */
    static long millis(Instant time) {
        if (time.getEpochSecond() < Long.MIN_VALUE / 1_000 + 1) {
            return Long.MIN_VALUE;
        }
        if (time.getEpochSecond() > Long.MAX_VALUE / 1_000 - 1) {
            return Long.MAX_VALUE;
        }
        return time.toEpochMilli();
    }

    long from() {
        return from;
    }

    long to() {
        return to;
    }

    boolean inForce(long at, long known) {
        if (known < learned || at < from || at >= to) {
            return false;
        }
        for (long[] successor : successors) {
            if (known >= successor[0] && at >= successor[1]) {
                return false;
            }
        }
        return true;
    }

    /** Whether it speaks of a sale of this kind; models and api are the index's affair. */
    boolean coversSale(Carriage carriage) {
        return scope.coversSale(carriage);
    }

    /** Whether a waiver lifts it for this carriage. */
    boolean isWaived(Carriage carriage, long at, long known) {
        for (int i = 0; i < waivers.size(); i++) {
            Bound waiver = waivers.get(i);
            if (waiver.inForce(at, known) && waiver.scope.lifts(carriage)) {
                return true;
            }
        }
        return false;
    }

    boolean names(String channel) {
        return anyChannel || channels.contains(channel);
    }

    Set<String> channels() {
        return channels;
    }

    Finding finding(Carriage carriage, long at, long known) {
        return switch (clause) {
            case Clause.Exclusivity _ ->
                    names(carriage.channel()) ? Finding.NAMES_CHANNEL : Finding.FORBIDS;
            case Clause.Licence licence -> {
                if (names(carriage.channel())) {
                    yield licence.exclusive() ? Finding.NAMES_CHANNEL : Finding.PERMITS;
                }
                yield licence.exclusive() ? Finding.FORBIDS : Finding.SILENT;
            }
            case Clause.FirstShip first -> firstShip(first, carriage, at, known);
            default -> throw new IllegalStateException("binds no carriage: " + clause.ref());
        };
    }

    private Finding firstShip(Clause.FirstShip first, Carriage carriage, long at, long known) {
        if (names(carriage.channel())) {
            return Finding.NAMES_CHANNEL;
        }
        String model = carriage.model();
        if (first.existing().contains(model) || first.existing().contains(Scope.vendorOf(model))) {
            return Finding.NOT_NEW;
        }
        long[] shipment = shipment(model, known);
        if (shipment.length == 0) {
            return Finding.FORBIDS;
        }
        if (shipment[1] < from) {
            return Finding.NOT_NEW;
        }
        return at >= shipment[2] ? Finding.WINDOW_OVER : Finding.FORBIDS;
    }

    /** The first shipment of a model that was known by then; empty when there is none. */
    private long[] shipment(String model, long known) {
        long[] first = {};
        for (long[] each : shipments.getOrDefault(model, NONE)) {
            if (known >= each[0] && (first.length == 0 || each[1] < first[1])) {
                first = each;
            }
        }
        return first;
    }

    /** When it stops forbidding this carriage, as far as was known; MAX when no end is known. */
    Instant until(Carriage carriage, long known) {
        long end = to;
        for (long[] successor : successors) {
            if (known >= successor[0]) {
                end = Math.min(end, successor[1]);
            }
        }
        if (clause instanceof Clause.FirstShip) {
            long[] shipment = shipment(carriage.model(), known);
            if (shipment.length > 0) {
                end = Math.min(end, shipment[2]);
            }
        }
        return end == Long.MAX_VALUE ? Instant.MAX : Instant.ofEpochMilli(end);
    }
}
