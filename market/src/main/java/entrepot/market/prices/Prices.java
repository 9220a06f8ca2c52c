package entrepot.market.prices;

import java.math.BigDecimal;

/** What a catalogue says of an offer's price. What it does not say is not zero. */
public sealed interface Prices {

    /** Nothing is ever owed. */
    record Free(String currency) implements Prices {}

    /** Nobody knows, and the public list is not to be asked. */
    record Unknown() implements Prices {}

    /** Prices of its own. */
    record Own(Tariff tariff) implements Prices {}

    /**
     * What the public list says.
     *
     * @param discountPercent off every price of it
     */
    record Listed(BigDecimal discountPercent) implements Prices {

        /** Without a discount. */
        public static final Listed FULL = new Listed(BigDecimal.ZERO);
    }
}
