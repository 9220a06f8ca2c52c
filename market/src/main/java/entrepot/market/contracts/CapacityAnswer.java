package entrepot.market.contracts;

import entrepot.market.contracts.Occurrence.Offered;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * Whether compute may be bought somewhere.
 *
 * @param deciding null when no clause speaks of it
 * @param until when the answer will change by itself: the end of the window; null when it will not
 * @param offers the offers that are on record for it
 * @param evidence what has to be kept to prove it
 */
public record CapacityAnswer(
        Status status,
        @Nullable Clause deciding,
        @Nullable Instant until,
        List<Offered> offers,
        String reason,
        String evidence) {

    public CapacityAnswer {
        offers = List.copyOf(offers);
    }

    /** Whether it may be bought there now. */
    public boolean allowed() {
        return switch (status) {
            case FREE, DECLINED, WINDOW_OVER -> true;
            case FORBIDDEN, OFFER_FIRST, WAITING, MATCHED -> false;
        };
    }

    public enum Status {
        /** Nobody has to be asked. */
        FREE,
        /** It must be bought elsewhere. */
        FORBIDDEN,
        /** Somebody has the right to be asked first, and was not. */
        OFFER_FIRST,
        /** They were asked, have not answered, and may still. */
        WAITING,
        /** They will sell it themselves. */
        MATCHED,
        /** They do not want to. */
        DECLINED,
        /** They let the window pass. */
        WINDOW_OVER
    }

    /**
     * A purchase of compute.
     *
     * @param buyer a party
     * @param seller a party
     */
    public record Purchase(String buyer, String seller, AsOf asOf) {}
}
