package entrepot.market.ledger.books;

import entrepot.market.Money;
import entrepot.market.Receipt;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;

/**
 * What a tenant is charged for what we pay: the cost and so many percent of it.
 *
 * @param name told on each row it made
 * @param tenant null for all
 * @param team null for all
 * @param model an id, or the begin of ids and {@code *}; null for all
 * @param percent added to the cost: 20 is a mark-up, -10 a discount; not below -100
 */
public record ChargeRule(
        String name,
        @Nullable String tenant,
        @Nullable String team,
        @Nullable String model,
        BigDecimal percent) {

    private static final BigDecimal WHOLE = BigDecimal.valueOf(100);

    public ChargeRule {
        Names.checked("the name of a charge rule", name);
        if (percent.compareTo(WHOLE.negate()) < 0) {
            throw new IllegalArgumentException(
                    "charge rule " + name + " takes more than the cost away: " + percent);
        }
    }

    boolean covers(Receipt receipt) {
        return (tenant == null || tenant.equals(receipt.tenant()))
                && (team == null || team.equals(receipt.team()))
                && (model == null || covers(model, receipt.model()));
    }

    static boolean covers(String pattern, String model) {
        return pattern.endsWith("*")
                ? model.startsWith(pattern.substring(0, pattern.length() - 1))
                : pattern.equals(model);
    }

    /** Exactly: no digit is dropped. */
    Money charge(Money cost) {
        return new Money(
                cost.amount().multiply(WHOLE.add(percent)).movePointLeft(2), cost.currency());
    }
}
