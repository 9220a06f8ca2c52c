package entrepot.market.statements.terms;

import entrepot.market.Money;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A part of a funding.
 *
 * @param id of the tranche
 * @param party who pays it
 * @param trigger what must happen first, in words; empty when nothing must
 * @param triggered when it happened; null when it has not
 * @param due when it is to be paid; null when as soon as it is triggered
 * @param lapses from when on it is no longer owed unless it was triggered; null for never
 * @param paid when it was paid; null when it was not
 */
public record Tranche(
        String id,
        String party,
        Money amount,
        String trigger,
        @Nullable Instant triggered,
        @Nullable Instant due,
        @Nullable Instant lapses,
        @Nullable Instant paid) {

    /** Where a tranche stands. */
    public enum Status {
        PAID,
        /** To be paid, and not yet late. */
        OWED,
        /** The day it was due has passed. */
        OVERDUE,
        /** Its trigger has not happened. */
        WAITING,
        /** Its trigger did not happen in time. */
        LAPSED
    }

    /** Where it stands at a moment, as far as was known then. */
    public Status status(Instant at) {
        if (paid != null && !paid.isAfter(at)) {
            return Status.PAID;
        }
        boolean happened = trigger.isEmpty() || (triggered != null && !triggered.isAfter(at));
        if (!happened) {
            return lapses != null && !at.isBefore(lapses) ? Status.LAPSED : Status.WAITING;
        }
        if (lapses != null && triggered != null && !triggered.isBefore(lapses)) {
            return Status.LAPSED; // it came too late
        }
        return due != null && at.isAfter(due) ? Status.OVERDUE : Status.OWED;
    }
}
