package entrepot.market.prices;

import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a usage costs, or why that is not known. */
public sealed interface Rating {

    /** Exact; null when it is not known. Never zero for want of a price. */
    @Nullable Money cost();

    /** The version of the book that was asked. */
    String book();

    /** One line for people, the same for all calls that are priced alike. */
    String words();

    /**
     * Everything has a price.
     *
     * @param lines each meter with its count and the price of a million
     * @param tier that was priced
     * @param source where the prices come from, such as {@code catalogue} or {@code genai-prices}
     */
    record Known(
            Money cost,
            List<Rate.Line> lines,
            String tier,
            @Nullable String region,
            String source,
            String book)
            implements Rating {

        public Known {
            lines = List.copyOf(lines);
        }

        @Override
        public String words() {
            return "%s%s per million, %s, prices of %s, book %s"
                    .formatted(
                            lines.stream()
                                    .map(line -> word(line.meter()) + " " + plain(line))
                                    .distinct()
                                    .collect(Collectors.joining(", ", "", " ")),
                            cost.currency(),
                            region == null ? tier : tier + " in " + region,
                            source,
                            book);
        }

        private static String plain(Rate.Line line) {
            BigDecimal price = line.perMillion();
            return price == null ? "?" : price.stripTrailingZeros().toPlainString();
        }
    }

    /**
     * Something has no price.
     *
     * @param meter the first that has none; null when the tier or the offer has no price at all
     * @param reason in words: what is missing and where
     * @param cost what the operator bills instead: a ceiling; null when that is nothing
     */
    record Unknown(@Nullable Meter meter, String reason, @Nullable Money cost, String book)
            implements Rating {

        @Override
        public String words() {
            return cost == null ? reason : reason + "; billed at the ceiling";
        }
    }

    /** The word for a meter in files and on pages: {@code FRESH_INPUT} is called input. */
    static String word(Meter meter) {
        return meter == Meter.FRESH_INPUT ? "input" : meter.name().toLowerCase(Locale.ROOT);
    }
}
