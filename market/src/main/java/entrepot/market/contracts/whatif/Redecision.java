package entrepot.market.contracts.whatif;

import entrepot.market.Money;
import entrepot.market.contracts.Judgement;
import entrepot.market.contracts.whatif.PastDecision.Candidate;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A past order, decided again.
 *
 * @param chosen null when nobody may fill it
 * @param refused the candidates that may not, with the reasons
 * @param costBefore as it was billed then, by the candidate's prices; null when it was not filled,
 *     or a price is not known
 * @param costAfter null when it is not filled, or a price is not known
 * @param why in words
 */
public record Redecision(
        PastDecision past,
        @Nullable Candidate chosen,
        List<Refused> refused,
        @Nullable Money costBefore,
        @Nullable Money costAfter,
        String why) {

    public Redecision {
        refused = List.copyOf(refused);
    }

    /** A candidate that the contracts do not allow. */
    public record Refused(Candidate candidate, Judgement judgement) {}

    /** Whether it goes elsewhere than it did, or is filled now and was not, or the reverse. */
    public boolean moved() {
        String now = chosen == null ? "" : chosen.supplier();
        String then = past.chosen() == null ? "" : past.chosen();
        return !now.equals(then);
    }

    /** What it costs more than before, negative when less; null when that cannot be told. */
    public @Nullable Money difference() {
        return costBefore == null
                        || costAfter == null
                        || !costBefore.currency().equals(costAfter.currency())
                ? null
                : new Money(costAfter.amount().subtract(costBefore.amount()), costAfter.currency());
    }
}
