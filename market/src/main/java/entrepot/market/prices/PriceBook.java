package entrepot.market.prices;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What everything for sale costs: the prices that one catalogue names, and the public list for what
 * it does not. Immutable; a new catalogue or a new list makes a new book.
 */
public final class PriceBook {

    /** A book without offers, over the list that comes with the project. */
    public static final PriceBook NONE =
            new PriceBook("none", PriceList.shipped(), Map.of(), new UnknownPrice.Allow(), "USD");

    private final String version;
    private final PriceList list;
    private final Map<Key, Entry> offers;
    private final UnknownPrice unknown;
    private final String currency;

    /**
     * @param version of the catalogue
     * @param currency of what is free
     */
    public PriceBook(
            String version,
            PriceList list,
            Map<Key, Entry> offers,
            UnknownPrice unknown,
            String currency) {
        this.version = version + "+" + list.version();
        this.list = list;
        this.offers = Map.copyOf(offers);
        this.unknown = unknown;
        this.currency = currency;
    }

    /** An offer, by what names it. */
    public record Key(String supplier, String model, String name) {}

    /**
     * What is known of an offer.
     *
     * @param channel of the public list; null when the list does not know where this is sold
     * @param region where the supplier works it, when that is known
     */
    public record Entry(Prices prices, @Nullable String channel, @Nullable String region) {}

    /** The catalogue's version and the list's: equal on all nodes that price alike. */
    public String version() {
        return version;
    }

    public PriceList list() {
        return list;
    }

    public UnknownPrice unknown() {
        return unknown;
    }

    /**
     * What a usage costs. The tier is the one that the question states, else the one that the usage
     * does; the same for the region.
     */
    public Rating rate(RatingQuestion question, Usage usage) {
        RatingQuestion asked =
                question.stated(
                        question.tier() == null ? usage.tier() : question.tier(),
                        question.region() == null ? usage.region() : question.region());
        Found found = find(asked);
        if (found == null) {
            return unknown(null, nobody(asked), unpriced(usage), currency);
        }
        String tier = Tiers.of(asked.tier());
        Rate rate = found.free ? null : found.tariff.at(tier, found.region, asked.at());
        if (found.free) {
            return new Rating.Known(Money.zero(found.tariff.currency()), tier, null, version);
        }
        if (rate == null) {
            return unknown(
                    null,
                    "no price is known for the tier '%s' of %s at %s"
                            .formatted(tier, asked.model(), asked.supplier()),
                    unpriced(usage),
                    found.tariff.currency());
        }
        List<Rate.Line> lines = rate.lines(usage);
        lines.replaceAll(line -> line.less(found.discount));
        return rating(asked, found, rate, lines);
    }

    private Rating rating(RatingQuestion asked, Found found, Rate rate, List<Rate.Line> lines) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Rate.Line line : lines) {
            if (line.perMillion() == null) {
                String words =
                        "no price is known for %s of %s at %s"
                                .formatted(
                                        Rating.word(line.meter()), asked.model(), asked.supplier());
                return unknown(line.meter(), words, lines, found.tariff.currency());
            }
            sum = sum.add(line.cost());
        }
        return new Rating.Known(
                new Money(sum, found.tariff.currency()), rate.tier(), rate.region(), version);
    }

    /**
     * The rates that may hold for a question, and where they come from; null when none is known.
     */
    public @Nullable Sheet sheet(RatingQuestion question) {
        Found found = find(question);
        return found == null
                ? null
                : new Sheet(
                        found.tariff,
                        found.free
                                ? null
                                : found.tariff.at(
                                        Tiers.of(question.tier()), found.region, question.at()),
                        found.free,
                        found.discount,
                        found.source,
                        found.listed);
    }

    /**
     * An offer's prices as they are shown.
     *
     * @param rate the one in force; null when none is for the tier
     * @param listed what the public list says of the model; null when it was not asked
     */
    public record Sheet(
            Tariff tariff,
            @Nullable Rate rate,
            boolean free,
            BigDecimal discountPercent,
            String source,
            @Nullable ListedModel listed) {

        /**
         * The rate in force below every threshold, after the discount; empty when there is none.
         */
        public Map<Meter, BigDecimal> perMillion() {
            var prices = new EnumMap<Meter, BigDecimal>(Meter.class);
            if (rate != null) {
                rate.perMillion()
                        .forEach((meter, price) -> {
                            Rate.Line line = new Rate.Line(meter, 1, price).less(discountPercent);
                            prices.put(meter, Objects.requireNonNull(line.perMillion()));
                        });
            }
            return prices;
        }
    }

    /**
     * What a million of a meter costs, in a request below every threshold, after the discount.
     *
     * @return null when that is not known
     */
    public @Nullable BigDecimal perMillion(RatingQuestion question, Meter meter) {
        Rating rating = rate(question, new Usage(Map.of(meter, 1L), false));
        return rating instanceof Rating.Known known
                ? known.cost().amount().movePointRight(6)
                : null;
    }

    private Rating unknown(
            @Nullable Meter meter, String words, List<Rate.Line> lines, String linesCurrency) {
        Money cost =
                unknown instanceof UnknownPrice.Ceiling ceiling
                        ? ceiling.cost(lines, linesCurrency)
                        : null;
        return new Rating.Unknown(meter, words, cost, version);
    }

    private static List<Rate.Line> unpriced(Usage usage) {
        var lines = new ArrayList<Rate.Line>();
        usage.meters().forEach((meter, count) -> lines.add(new Rate.Line(meter, count, null)));
        return lines;
    }

    private static String nobody(RatingQuestion asked) {
        return "no price is known for %s at %s".formatted(asked.model(), asked.supplier());
    }

    private @Nullable Found find(RatingQuestion asked) {
        Entry entry = offers.get(new Key(asked.supplier(), asked.model(), asked.name()));
        String region = asked.region();
        String channel = asked.channel();
        Prices prices = Prices.Listed.FULL;
        if (entry != null) {
            region = region == null ? entry.region() : region;
            channel = channel == null ? entry.channel() : channel;
            prices = entry.prices();
        }
        return switch (prices) {
            case Prices.Free free ->
                    new Found(
                            new Tariff(free.currency(), List.of()),
                            true,
                            BigDecimal.ZERO,
                            region,
                            "catalogue",
                            null);
            case Prices.Own own ->
                    new Found(own.tariff(), false, BigDecimal.ZERO, region, "catalogue", null);
            case Prices.Unknown _ -> null;
            case Prices.Listed listed -> listed(listed, channel, region, asked);
        };
    }

    private @Nullable Found listed(
            Prices.Listed prices,
            @Nullable String channel,
            @Nullable String region,
            RatingQuestion asked) {
        ListedModel listed =
                channel == null ? null : list.find(channel, asked.name(), asked.model());
        return listed == null
                ? null
                : new Found(
                        listed.tariff(),
                        false,
                        prices.discountPercent(),
                        region,
                        listed.source(),
                        listed);
    }

    private record Found(
            Tariff tariff,
            boolean free,
            BigDecimal discount,
            @Nullable String region,
            String source,
            @Nullable ListedModel listed) {}

    @Override
    public String toString() {
        return "price book " + version;
    }
}
