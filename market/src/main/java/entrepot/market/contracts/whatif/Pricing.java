package entrepot.market.contracts.whatif;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.whatif.PastDecision.Candidate;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a past order costs at a candidate: by the contracts' price book, else as it was. */
final class Pricing {

    private static final String STANDARD = "standard";
    private static final BigDecimal HUNDRED = new BigDecimal(100);

    private Pricing() {}

    /** Null when a meter that was used has no known price. */
    static @Nullable Money cost(
            ContractBook book, PastDecision decision, Candidate candidate, AsOf asOf) {
        Map<Meter, BigDecimal> prices = new EnumMap<>(Meter.class);
        prices.putAll(candidate.perMillion());
        String currency = candidate.currency();
        List<Clause.PriceBook> books = book.priceBooks(candidate.channel(), decision.model(), asOf);
        if (!books.isEmpty()) {
            Clause.PriceBook last = latest(books);
            prices = prices(last, decision.usage());
            currency = last.currency();
        }
        return cost(decision.usage(), prices, currency);
    }

    static @Nullable Money cost(Usage usage, Map<Meter, BigDecimal> prices, String currency) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Map.Entry<Meter, Long> used : usage.meters().entrySet()) {
            BigDecimal price = prices.get(used.getKey());
            if (price == null && used.getKey() == Meter.REASONING) {
                price = prices.get(Meter.OUTPUT);
            }
            if (price == null) {
                return null;
            }
            sum = sum.add(price.multiply(BigDecimal.valueOf(used.getValue())));
        }
        return new Money(sum.movePointLeft(6), currency);
    }

    /** The one that began last; of several, the last by name. */
    private static Clause.PriceBook latest(List<Clause.PriceBook> books) {
        Clause.PriceBook last = books.getFirst();
        for (Clause.PriceBook each : books) {
            if (!each.heading().from().isBefore(last.heading().from())) {
                last = each;
            }
        }
        return last;
    }

    /** The standard rates for calls of this size, with the discount taken off. */
    private static Map<Meter, BigDecimal> prices(Clause.PriceBook book, Usage usage) {
        Clause.Rate best = null;
        for (Clause.Rate rate : book.rates()) {
            boolean fits =
                    rate.tier().equals(STANDARD)
                            && (rate.aboveInputTokens() == 0
                                    || usage.inputTokens() > rate.aboveInputTokens());
            if (fits && (best == null || rate.aboveInputTokens() >= best.aboveInputTokens())) {
                best = rate;
            }
        }
        var prices = new EnumMap<Meter, BigDecimal>(Meter.class);
        if (best != null) {
            BigDecimal paid = HUNDRED.subtract(book.discountPercent());
            for (Meter meter : Meter.values()) {
                BigDecimal price = best.perMillion().get(word(meter));
                if (price != null) {
                    prices.put(meter, price.multiply(paid).movePointLeft(2));
                }
            }
        }
        return prices;
    }

    private static String word(Meter meter) {
        return meter == Meter.FRESH_INPUT ? "input" : meter.name().toLowerCase(Locale.ROOT);
    }
}
