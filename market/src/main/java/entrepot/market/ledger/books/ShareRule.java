package entrepot.market.ledger.books;

import entrepot.market.Money;
import entrepot.market.Receipt;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * A part of what is charged that is owed to somebody as it is earned. A cap over all of it is
 * applied by the statement of the share, not here.
 *
 * @param name such as the contract's clause
 * @param party who gets it
 * @param percent 0 to 100 of the charge
 * @param earned which charges it is a part of
 */
public record ShareRule(String name, String party, BigDecimal percent, Earned earned) {

    /** Which charges. */
    @FunctionalInterface
    public interface Earned {

        /**
         * @param at when the receipt's attempt ended
         */
        boolean covers(Receipt receipt, Instant at);
    }

    public ShareRule {
        Names.checked("the name of a share", name);
        Names.checked("the party of a share", party);
        if (percent.signum() < 0 || percent.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw new IllegalArgumentException("share " + name + " is not 0 to 100: " + percent);
        }
    }

    /**
     * A share of what is earned with some models for a time.
     *
     * @param model an id, or the begin of ids and {@code *}; null for all
     * @param from first moment
     * @param until first moment it is no longer owed
     */
    public static ShareRule between(
            String name,
            String party,
            @Nullable String model,
            BigDecimal percent,
            Instant from,
            Instant until) {
        return new ShareRule(
                name,
                party,
                percent,
                (receipt, at) ->
                        !at.isBefore(from)
                                && at.isBefore(until)
                                && (model == null || ChargeRule.covers(model, receipt.model())));
    }

    Money share(Money charge) {
        return new Money(charge.amount().multiply(percent).movePointLeft(2), charge.currency());
    }
}
