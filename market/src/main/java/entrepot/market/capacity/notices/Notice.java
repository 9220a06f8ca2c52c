package entrepot.market.capacity.notices;

import entrepot.market.contracts.Occurrence;
import entrepot.market.contracts.Occurrence.Offered;
import entrepot.market.contracts.Occurrence.Outcome;
import entrepot.market.contracts.Place;
import entrepot.market.contracts.Source;
import entrepot.market.contracts.Source.Document;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.ZoneOffset;

/**
 * A purchase that was offered to whoever has the right of first refusal.
 *
 * @param id {@code ntc_…}
 * @param clause {@code contract/clause}
 * @param seller the party it would be bought from otherwise
 * @param purchase which purchase it is, in the buyer's words; empty when there is only one
 * @param document that shows the offer, such as a letter's number or address
 * @param deadline when the window ends; null when the clause sets none
 * @param recordedAt when we learned of it
 * @param answer null while there is none
 */
public record Notice(
        String id,
        String tenant,
        String clause,
        String seller,
        String purchase,
        String document,
        Instant offeredAt,
        @Nullable Instant deadline,
        Instant recordedAt,
        String recordedBy,
        @Nullable Answer answer) {

    /**
     * What the holder said.
     *
     * @param document that shows it
     */
    public record Answer(
            Outcome outcome,
            String document,
            Instant answeredAt,
            Instant recordedAt,
            String recordedBy) {}

    /** Where a notice stands. */
    public enum Standing {
        /** The holder may still answer. */
        WAITING,
        /** The holder sells it itself. */
        MATCHED,
        /** The holder does not want it. */
        DECLINED,
        /** The window has passed without an answer: it may be bought. */
        LAPSED
    }

    /** Where it stands at a moment. */
    public Standing standing(Instant at) {
        if (answer != null && !answer.answeredAt().isAfter(at)) {
            return answer.outcome() == Outcome.MATCHED ? Standing.MATCHED : Standing.DECLINED;
        }
        return deadline != null && !at.isBefore(deadline) ? Standing.LAPSED : Standing.WAITING;
    }

    /**
     * As contracts understand it.
     *
     * @param known an answer that was recorded later than this does not count
     */
    Offered occurrence(Instant known) {
        Answer heard = answer == null || answer.recordedAt().isAfter(known) ? null : answer;
        String shown = heard == null ? document : document + "; " + heard.document();
        return new Occurrence.Offered(
                clause,
                seller,
                heard == null ? null : heard.outcome(),
                heard == null ? null : heard.answeredAt(),
                offeredAt,
                recordedAt,
                new Source(
                        new Document(
                                id,
                                shown,
                                null,
                                offeredAt.atOffset(ZoneOffset.UTC).toLocalDate(),
                                null),
                        null,
                        null,
                        null),
                new Place("notice " + id, 1, 1));
    }
}
