package entrepot.market.statements.terms;

import entrepot.market.Money;

import java.time.Instant;

/**
 * A promise to spend.
 *
 * @param id of the clause
 * @param contract it stands in
 * @param party to whom it was promised
 * @param description in words
 * @param amount to be spent; positive
 * @param from first moment whose cost counts; {@link Instant#MIN} when none is stated
 * @param to first moment whose cost no longer counts; {@link Instant#MAX} when none is stated
 * @param eligible which cost counts
 * @param trueUp whether what is not spent is owed all the same
 */
public record CommitmentTerms(
        String id,
        String contract,
        String party,
        String description,
        Money amount,
        Instant from,
        Instant to,
        Scope eligible,
        boolean trueUp) {

    public CommitmentTerms {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("commitment " + id + ": from is not before to");
        }
        if (amount.amount().signum() <= 0) {
            throw new IllegalArgumentException("commitment " + id + ": the amount is not positive");
        }
    }

    /** Whether it is stated when it begins. */
    public boolean hasBeginning() {
        return !from.equals(Instant.MIN);
    }

    /** Whether it is stated when it ends. */
    public boolean hasEnd() {
        return !to.equals(Instant.MAX);
    }
}
