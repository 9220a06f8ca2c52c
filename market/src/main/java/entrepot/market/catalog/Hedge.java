package entrepot.market.catalog;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

/**
 * When a second supplier is asked beside a slow first one. Both may bill, so that there is a rule
 * of cost; off unless a model's entry in the catalogue says so.
 *
 * @param after how long the first may take to begin its answer
 * @param priceRatioMax how many times as dear the second may be; an unknown price is too dear
 */
public record Hedge(Duration after, BigDecimal priceRatioMax) {

    /** What prices are compared by: three parts read, one part written. */
    private static final Usage TYPICAL =
            new Usage(Map.of(Meter.FRESH_INPUT, 750_000L, Meter.OUTPUT, 250_000L), false);

    /** Whether an offer may be tried beside another. */
    public boolean allows(Prices first, Prices second) {
        Money one = first.cost(TYPICAL);
        Money other = second.cost(TYPICAL);
        return one != null
                && other != null
                && one.currency().equals(other.currency())
                && other.amount().compareTo(one.amount().multiply(priceRatioMax)) <= 0;
    }
}
