package entrepot.market.contracts;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/**
 * Whether a call may be processed in a place and by somebody.
 *
 * @param deciding the clause that forbids it; when allowed, the first that speaks of it, if any
 * @param consulted all clauses in force that speak of it
 */
public record ResidencyAnswer(
        boolean allowed,
        Clause.@Nullable Residency deciding,
        List<Clause.Residency> consulted,
        String reason,
        String remedy) {

    public ResidencyAnswer {
        consulted = List.copyOf(consulted);
    }

    /**
     * A call and where it would be processed.
     *
     * @param region empty when the supplier does not say, which no restriction lets through
     * @param processor who processes; empty when not said
     */
    public record Placement(Carriage carriage, String region, String processor) {}

    static ResidencyAnswer of(Placement placement, List<Clause.Residency> consulted) {
        for (Clause.Residency clause : consulted) {
            if (!inRegions(clause.regions(), placement.region())) {
                return refused(
                        clause, consulted, "processed in", placement.region(), clause.regions());
            }
            if (!clause.processors().isEmpty()
                    && !clause.processors().contains(placement.processor())) {
                return refused(
                        clause,
                        consulted,
                        "processed by",
                        placement.processor(),
                        clause.processors());
            }
        }
        if (consulted.isEmpty()) {
            return new ResidencyAnswer(
                    true, null, consulted, "no clause in force says where it is processed", "");
        }
        Clause.Residency first = consulted.getFirst();
        String reason = first.heading().says() + " (" + Judgement.cited(first) + ")";
        return new ResidencyAnswer(true, first, consulted, reason, "");
    }

    private static ResidencyAnswer refused(
            Clause.Residency clause,
            List<Clause.Residency> consulted,
            String how,
            String where,
            Set<String> allowed) {
        String place = where.isEmpty() ? "a place or party that is not stated" : where;
        return new ResidencyAnswer(
                false,
                clause,
                consulted,
                "it would be "
                        + how
                        + " "
                        + place
                        + "; "
                        + clause.heading().says()
                        + " ("
                        + Judgement.cited(clause)
                        + ")",
                "use a supplier whose calls are " + how + " " + String.join(" or ", allowed));
    }

    private static boolean inRegions(Set<String> regions, String region) {
        return regions.isEmpty()
                || regions.stream()
                        .anyMatch(each ->
                                each.endsWith("*")
                                        ? region.startsWith(each.substring(0, each.length() - 1))
                                        : each.equals(region));
    }
}
