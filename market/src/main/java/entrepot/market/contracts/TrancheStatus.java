package entrepot.market.contracts;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * How one part of an investment stands.
 *
 * @param paid null when it is not on record
 */
public record TrancheStatus(
        Clause.Funding clause,
        Clause.Tranche tranche,
        State state,
        Occurrence.@Nullable Paid paid,
        String reason) {

    public enum State {
        PAID,
        /** It came with the clause, and no payment is on record. */
        DUE,
        /** What must happen before is not on record as paid, and it has not lapsed. */
        PENDING,
        LAPSED
    }

    static TrancheStatus of(
            Clause.Funding clause,
            Clause.Tranche tranche,
            Occurrence.@Nullable Paid paid,
            Instant at) {
        if (paid != null) {
            String reason = "paid on " + Wording.time(paid.at()) + " (" + paid.source() + ")";
            return new TrancheStatus(clause, tranche, State.PAID, paid, reason);
        }
        Instant lapses = tranche.lapses();
        if (lapses != null && !at.isBefore(lapses)) {
            String reason = "not on record as paid before it lapsed on " + Wording.time(lapses);
            return new TrancheStatus(clause, tranche, State.LAPSED, null, reason);
        }
        if (tranche.trigger() == null) {
            String reason =
                    "comes without a condition from "
                            + Wording.time(clause.heading().from())
                            + "; no payment is on record";
            return new TrancheStatus(clause, tranche, State.DUE, null, reason);
        }
        String reason =
                "waits for: "
                        + tranche.trigger()
                        + (lapses == null ? "" : "; lapses on " + Wording.time(lapses));
        return new TrancheStatus(clause, tranche, State.PENDING, null, reason);
    }
}
