package entrepot.market.routing;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Verdict;
import entrepot.market.prices.PriceBook;
import entrepot.market.prices.Rating;
import entrepot.market.prices.RatingQuestion;
import entrepot.market.prices.UnknownPrice;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;

/**
 * What candidates cost.
 *
 * @param book of the snapshot that decides
 * @param at when is bought
 */
record Pricing(PriceBook book, Instant at) {

    /** What offers are compared by: three parts read, one part written. */
    private static final Usage TYPICAL =
            new Usage(Map.of(Meter.FRESH_INPUT, 750L, Meter.OUTPUT, 250L), false);

    /** What a candidate costs for a typical call; null when it is not known. */
    @Nullable Money typical(Candidate candidate) {
        return cost(candidate, TYPICAL);
    }

    /** What a usage costs at one candidate. */
    Rating rate(Candidate candidate, Usage usage) {
        return book.rate(question(candidate), usage);
    }

    /** The same as an amount; null when it is not known. */
    @Nullable Money cost(Candidate candidate, Usage usage) {
        return rate(candidate, usage) instanceof Rating.Known known ? known.cost() : null;
    }

    /** Whether offers without a price are refused. */
    boolean refuses() {
        return book.unknown() instanceof UnknownPrice.Refuse;
    }

    /** Why a candidate may not be asked; null when it has a price, or need not have one. */
    @Nullable Verdict refusal(Candidate candidate) {
        if (!refuses()) {
            return null;
        }
        PriceBook.Sheet sheet = book.sheet(question(candidate));
        return sheet != null && (sheet.free() || sheet.rate() != null)
                ? null
                : new Verdict(
                        Receipt.PRICE,
                        false,
                        "no price is known for "
                                + candidate.model().id()
                                + " at "
                                + candidate.supplier().id(),
                        "unknown_price: refuse, in the catalogue",
                        "give the offer prices, or import a price list that has it");
    }

    private RatingQuestion question(Candidate candidate) {
        return new RatingQuestion(
                candidate.model().id(), candidate.supplier().id(), candidate.offer().name(), at);
    }

    /** What a receipt says of a price that is not known; null of one that is. */
    static @Nullable Verdict verdict(Rating rating, Usage usage) {
        return rating instanceof Rating.Unknown unknown && !usage.meters().isEmpty()
                ? new Verdict(Receipt.PRICE, false, unknown.words())
                : null;
    }
}
