package entrepot.market.contracts;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** Something that has happened under a contract and that its clauses ask about. */
public sealed interface Occurrence {

    /** When it happened. */
    Instant at();

    /** When we learned of it. */
    Instant learned();

    Source source();

    Place place();

    default boolean isKnown(AsOf asOf) {
        return !learned().isAfter(asOf.known());
    }

    /** A model came out on a channel. */
    record Shipped(
            String model, String channel, Instant at, Instant learned, Source source, Place place)
            implements Occurrence {}

    /**
     * A tranche was paid.
     *
     * @param clause {@code contract/clause}
     */
    record Paid(
            String clause, String tranche, Instant at, Instant learned, Source source, Place place)
            implements Occurrence {}

    /**
     * Capacity was offered to whoever has the right of first refusal.
     *
     * @param clause {@code contract/clause}
     * @param seller the party it would be bought from otherwise
     * @param outcome null while there is no answer
     * @param answered when there is an outcome
     */
    record Offered(
            String clause,
            String seller,
            @Nullable Outcome outcome,
            @Nullable Instant answered,
            Instant at,
            Instant learned,
            Source source,
            Place place)
            implements Occurrence {

        /** The outcome, if it was there by then. */
        @Nullable Outcome outcomeAt(Instant time) {
            return answered == null || answered.isAfter(time) ? null : outcome;
        }
    }

    /** What came of an offer. */
    enum Outcome {
        MATCHED,
        DECLINED
    }
}
