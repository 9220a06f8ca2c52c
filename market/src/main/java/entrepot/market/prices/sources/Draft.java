package entrepot.market.prices.sources;

import entrepot.conversation.Usage.Meter;
import entrepot.market.prices.ListedModel;
import entrepot.market.prices.ListedModel.Abilities;
import entrepot.market.prices.Rate;
import entrepot.market.prices.Tariff;
import entrepot.market.prices.Tiers;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One model of a list that is being made. */
final class Draft {

    /** Prices with more digits than that are what is left of floating point. */
    private static final MathContext DIGITS = new MathContext(9);

    private static final String CURRENCY = "USD";

    final String name;
    final Set<String> names = new LinkedHashSet<>();
    final String source;
    final List<Rate> rates = new ArrayList<>();
    Abilities abilities = Abilities.UNKNOWN;

    Draft(String name, String source) {
        this.name = name;
        this.source = source;
    }

    ListedModel model() {
        var others = new ArrayList<>(names);
        others.remove(name);
        return new ListedModel(name, others, source, new Tariff(CURRENCY, inImages()), abilities);
    }

    Tariff tariff() {
        return new Tariff(CURRENCY, rates);
    }

    boolean hasBands() {
        return rates.stream().anyMatch(rate -> !rate.above().isEmpty());
    }

    boolean hasTier(String tier) {
        return rates.stream().anyMatch(rate -> rate.tier().equals(tier));
    }

    /** Who reads pictures and lists no price for it bills their tokens as any input. */
    private List<Rate> inImages() {
        if (!abilities.takes().contains("image")) {
            return rates;
        }
        return rates.stream().map(rate -> with(rate, as(rate.perMillion()), bands(rate))).toList();
    }

    private static List<Rate.Band> bands(Rate rate) {
        return rate.above().stream()
                .map(band ->
                        new Rate.Band(
                                band.inputTokens(),
                                rate.perMillion().containsKey(Meter.IMAGE_INPUT)
                                        ? band.perMillion()
                                        : as(band.perMillion())))
                .toList();
    }

    private static Map<Meter, BigDecimal> as(Map<Meter, BigDecimal> prices) {
        BigDecimal input = prices.get(Meter.FRESH_INPUT);
        if (input == null || prices.containsKey(Meter.IMAGE_INPUT)) {
            return prices;
        }
        var more = new EnumMap<Meter, BigDecimal>(prices);
        more.put(Meter.IMAGE_INPUT, input);
        return more;
    }

    /** The rate with other prices. */
    static Rate with(Rate rate, Map<Meter, BigDecimal> perMillion, List<Rate.Band> above) {
        return new Rate(
                rate.tier(),
                rate.region(),
                rate.from(),
                rate.until(),
                rate.hours(),
                perMillion,
                above,
                rate.excess());
    }

    /** All prices of a rate so many times, for another tier or region. */
    static Rate times(Rate rate, BigDecimal factor, String tier, String region) {
        return new Rate(
                tier,
                region.isEmpty() ? null : region,
                rate.from(),
                rate.until(),
                rate.hours(),
                times(rate.perMillion(), factor),
                rate.above().stream()
                        .map(band ->
                                new Rate.Band(band.inputTokens(), times(band.perMillion(), factor)))
                        .toList(),
                rate.excess());
    }

    private static Map<Meter, BigDecimal> times(Map<Meter, BigDecimal> prices, BigDecimal factor) {
        var more = new EnumMap<Meter, BigDecimal>(Meter.class);
        prices.forEach((meter, price) ->
                more.put(
                        meter,
                        // What is billed by the piece is not part of a surcharge on tokens.
                        meter == Meter.REQUESTS || meter == Meter.IMAGES
                                ? price
                                : clean(price.multiply(factor))));
        return more;
    }

    static Rate rate(String tier, Map<Meter, BigDecimal> prices, List<Rate.Band> above) {
        return new Rate(tier, null, null, null, null, prices, above, false);
    }

    static Rate standard(Map<Meter, BigDecimal> prices, List<Rate.Band> above) {
        return rate(Tiers.STANDARD, prices, above);
    }

    static BigDecimal clean(BigDecimal price) {
        BigDecimal rounded = price.round(DIGITS).stripTrailingZeros();
        return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
    }
}
