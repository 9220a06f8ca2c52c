package entrepot.market.catalog;

import entrepot.market.Money;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * When a second supplier is asked beside a slow first one. Both may bill, so that there is a rule
 * of cost; off unless a model's entry in the catalogue says so.
 *
 * @param after how long the first may take to begin its answer
 * @param priceRatioMax how many times as dear the second may be; an unknown price is too dear
 */
public record Hedge(Duration after, BigDecimal priceRatioMax) {

    /**
     * Whether an offer may be tried beside another.
     *
     * @param one what the first costs for some usage; null when that is not known
     * @param other what the second costs for the same
     */
    public boolean allows(@Nullable Money one, @Nullable Money other) {
        return one != null
                && other != null
                && one.currency().equals(other.currency())
                && other.amount().compareTo(one.amount().multiply(priceRatioMax)) <= 0;
    }
}
