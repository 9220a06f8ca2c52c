package entrepot.market.prices;

import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.List;

/** What becomes of orders whose price is not known. There is an alert in any case. */
public sealed interface UnknownPrice {

    /** They are filled; their cost stays unknown. */
    record Allow() implements UnknownPrice {}

    /** An offer without a price is not taken. */
    record Refuse() implements UnknownPrice {}

    /**
     * They are filled, and what has no price is billed at a ceiling.
     *
     * @param perMillion tokens
     * @param perPiece for what is not tokens: requests, pictures; null leaves that unknown
     */
    record Ceiling(String currency, BigDecimal perMillion, @Nullable BigDecimal perPiece)
            implements UnknownPrice {

        /** The cost of lines, with the ceiling for those that have no price. */
        @Nullable Money cost(List<Rate.Line> lines, String linesCurrency) {
            boolean mixed = lines.stream().anyMatch(line -> line.perMillion() != null);
            if (mixed && !linesCurrency.equals(currency)) {
                return null;
            }
            BigDecimal sum = BigDecimal.ZERO;
            for (Rate.Line line : lines) {
                BigDecimal price = line.perMillion() == null ? price(line.meter()) : null;
                if (line.perMillion() == null && price == null) {
                    return null;
                }
                sum =
                        sum.add(
                                new Rate.Line(
                                                line.meter(),
                                                line.count(),
                                                price == null ? line.perMillion() : price)
                                        .cost());
            }
            return new Money(sum, currency);
        }

        private @Nullable BigDecimal price(Meter meter) {
            boolean piece = meter == Meter.REQUESTS || meter == Meter.IMAGES;
            return piece ? (perPiece == null ? null : perPiece.movePointRight(6)) : perMillion;
        }
    }
}
