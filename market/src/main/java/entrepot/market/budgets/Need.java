package entrepot.market.budgets;

import java.math.BigDecimal;

/**
 * What a claim wants of one limit.
 *
 * @param amount zero where nothing is to be held: the limit only counts, or the claim is no matter
 *     of it
 */
record Need(Watched watched, BigDecimal amount) {

    boolean holds() {
        return amount.signum() != 0;
    }
}
