package entrepot.market.statements.terms;

import entrepot.market.Money;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * A part of a sum that is owed to somebody.
 *
 * @param id of the clause
 * @param party who gets it
 * @param percent 0 to 100
 * @param base of what
 * @param scope of which usage
 * @param currency in which it is reckoned; sums in others are told apart, never converted
 * @param from first moment
 * @param until first moment it is no longer owed
 * @param cap all that will ever be owed; null for no cap
 * @param before what was owed before the first moment of the ledger; counts towards the cap
 */
public record ShareTerms(
        String id,
        String party,
        BigDecimal percent,
        Measure base,
        Scope scope,
        String currency,
        Instant from,
        Instant until,
        @Nullable Money cap,
        Money before) {

    /** What a share is a part of. */
    public enum Measure {
        /** What tenants were charged. */
        CHARGE,
        /** What suppliers are owed. */
        COST
    }

    public ShareTerms {
        if (percent.signum() < 0 || percent.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw new IllegalArgumentException("share " + id + ": percent is not 0 to 100");
        }
        if (!from.isBefore(until)) {
            throw new IllegalArgumentException("share " + id + ": from is not before until");
        }
        if (!before.currency().equals(currency)
                || (cap != null && !cap.currency().equals(currency))) {
            throw new IllegalArgumentException(
                    "share " + id + ": cap and what was owed before must be in " + currency);
        }
    }
}
