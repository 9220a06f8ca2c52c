package entrepot.market.catalog;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** What an offer costs. A price that nobody told us is not zero: it is not known. */
public sealed interface Prices {

    /**
     * What a usage costs, exactly.
     *
     * @return null when a meter that was used has no known price
     */
    @Nullable Money cost(Usage usage);

    /** Nothing is ever owed. */
    record Free(String currency) implements Prices {
        @Override
        public Money cost(Usage usage) {
            return Money.zero(currency);
        }
    }

    record Unknown() implements Prices {
        @Override
        public @Nullable Money cost(Usage usage) {
            return null;
        }
    }

    /**
     * Exact prices.
     *
     * @param perMillion per million of what the meter counts: tokens, requests or images; a meter
     *     that is absent has no known price, except that reasoning costs what output costs
     */
    record Known(String currency, Map<Meter, BigDecimal> perMillion) implements Prices {

        public Known {
            perMillion = Collections.unmodifiableMap(new EnumMap<>(perMillion));
        }

        @Override
        public @Nullable Money cost(Usage usage) {
            BigDecimal sum = BigDecimal.ZERO;
            for (Map.Entry<Meter, Long> used : usage.meters().entrySet()) {
                BigDecimal price = price(used.getKey());
                if (price == null) {
                    return null;
                }
                sum = sum.add(price.multiply(BigDecimal.valueOf(used.getValue())));
            }
            return new Money(sum.movePointLeft(6), currency);
        }

        private @Nullable BigDecimal price(Meter meter) {
            BigDecimal price = perMillion.get(meter);
            // Vendors bill reasoning as output and list no price of its own for it.
            return price == null && meter == Meter.REASONING ? perMillion.get(Meter.OUTPUT) : price;
        }
    }
}
