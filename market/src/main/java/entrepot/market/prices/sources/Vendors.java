package entrepot.market.prices.sources;

import entrepot.conversation.Usage.Meter;
import entrepot.market.prices.Rate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;

/** What vendors say of their prices as a rule, where sources say it of some models only. */
final class Vendors {

    private static final BigDecimal HOUR = BigDecimal.TWO;
    private static final BigDecimal SEARCHES = BigDecimal.valueOf(10_000);

    private Vendors() {}

    /**
     * Anthropic: what is written for an hour costs twice the input, and a thousand searches cost
     * ten dollars, with every model (docs.anthropic.com, Prompt caching, Web search tool).
     */
    static void anthropic(Draft draft) {
        draft.rates.replaceAll(rate -> {
            var prices = new EnumMap<Meter, BigDecimal>(rate.perMillion());
            hour(prices);
            prices.putIfAbsent(Meter.REQUESTS, SEARCHES);
            var bands = new ArrayList<Rate.Band>();
            for (Rate.Band band : rate.above()) {
                var otherwise = new EnumMap<Meter, BigDecimal>(band.perMillion());
                if (!rate.perMillion().containsKey(Meter.CACHE_WRITE_1H)) {
                    hour(otherwise);
                }
                bands.add(new Rate.Band(band.inputTokens(), otherwise));
            }
            return Draft.with(rate, prices, bands);
        });
    }

    private static void hour(Map<Meter, BigDecimal> prices) {
        BigDecimal input = prices.get(Meter.FRESH_INPUT);
        if (input != null && prices.containsKey(Meter.CACHE_WRITE_5M)) {
            prices.putIfAbsent(Meter.CACHE_WRITE_1H, Draft.clean(input.multiply(HOUR)));
        }
    }

    /**
     * Long prompts cost more in every tier: where a source says so of the standard tier only, they
     * cost as many times more in the others (OpenAI, Pricing: for standard, batch and flex).
     */
    static Rate longer(Rate tier, Rate standard) {
        if (!tier.above().isEmpty() || standard.above().isEmpty()) {
            return tier;
        }
        var bands = new ArrayList<Rate.Band>();
        for (Rate.Band band : standard.above()) {
            var prices = new EnumMap<Meter, BigDecimal>(Meter.class);
            tier.perMillion()
                    .forEach((meter, price) -> {
                        BigDecimal low = standard.perMillion().get(meter);
                        BigDecimal high = band.perMillion().get(meter);
                        if (low != null && high != null && low.signum() > 0) {
                            prices.put(
                                    meter,
                                    Draft.clean(
                                            price.multiply(high)
                                                    .divide(low, MathContext.DECIMAL64)));
                        }
                    });
            bands.add(new Rate.Band(band.inputTokens(), prices));
        }
        return Draft.with(tier, tier.perMillion(), bands);
    }
}
