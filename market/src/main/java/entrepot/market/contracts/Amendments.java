package entrepot.market.contracts;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What takes the place of what, and from when. A clause ends where the first of its successors
 * begins: those that supersede it, and those that supersede these, as far as they are known. So an
 * amendment that was itself amended before it began leaves no gap, and the order in which contracts
 * are read does not matter.
 */
final class Amendments {

    private final Map<String, List<Successor>> successors = new HashMap<>();

    /**
     * @param from when it takes over
     * @param known from when on it is known that it does
     */
    record Successor(Clause clause, Instant from, Instant known) {}

    Amendments(Collection<Clause> clauses) {
        var direct = new HashMap<String, List<Clause>>();
        for (Clause clause : clauses) {
            for (String old : clause.heading().supersedes()) {
                direct.computeIfAbsent(old, ref -> new ArrayList<>()).add(clause);
            }
        }
        for (Clause clause : clauses) {
            List<Successor> found = successorsOf(clause, direct);
            if (!found.isEmpty()) {
                successors.put(clause.ref(), found);
            }
        }
    }

    /** All that can be reached, each with the earliest time from which the whole way is known. */
    private static List<Successor> successorsOf(Clause clause, Map<String, List<Clause>> direct) {
        var found = new HashMap<String, Successor>();
        var open = new ArrayDeque<Successor>();
        open.add(new Successor(clause, clause.heading().from(), Instant.MIN));
        while (!open.isEmpty()) {
            Successor each = open.poll();
            for (Clause next : direct.getOrDefault(each.clause().ref(), List.of())) {
                Instant known = later(each.known(), next.heading().learned());
                Successor before = found.get(next.ref());
                if (before == null || known.isBefore(before.known())) {
                    var successor = new Successor(next, next.heading().from(), known);
                    found.put(next.ref(), successor);
                    open.add(successor);
                }
            }
        }
        return List.copyOf(found.values());
    }

    List<Successor> of(Clause clause) {
        return successors.getOrDefault(clause.ref(), List.of());
    }

    /** When a clause ends, as far as was known by then. Not after its beginning: it never began. */
    Instant end(Clause clause, Instant known) {
        Instant end = clause.heading().to();
        for (Successor each : of(clause)) {
            if (!each.known().isAfter(known) && each.from().isBefore(end)) {
                end = each.from();
            }
        }
        return end;
    }

    boolean inForce(Clause clause, AsOf asOf) {
        Heading heading = clause.heading();
        return !heading.learned().isAfter(asOf.known())
                && !heading.from().isAfter(asOf.at())
                && asOf.at().isBefore(end(clause, asOf.known()));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
