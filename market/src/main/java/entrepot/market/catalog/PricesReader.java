package entrepot.market.catalog;

import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.market.prices.Prices;
import entrepot.market.prices.Rate;
import entrepot.market.prices.Tariff;
import entrepot.market.prices.Tiers;
import entrepot.market.prices.UnknownPrice;
import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Reads what an offer costs: a word, one set of prices, or a list of dated ones. */
final class PricesReader {

    private static final BigDecimal PERCENT_MAX = BigDecimal.valueOf(100);

    private PricesReader() {}

    /**
     * @param map of the offer
     * @param currency where the prices name none
     */
    static Prices read(YamlMap map, String currency) {
        YamlValue value = map.get("prices");
        BigDecimal discount = discount(map.get("discount"), value);
        if (value == null) {
            return new Prices.Listed(discount);
        }
        if (value.isText()) {
            return switch (String.valueOf(value.text())) {
                case "free" -> new Prices.Free(currency);
                case "unknown" -> new Prices.Unknown();
                case "public" -> new Prices.Listed(discount);
                default -> {
                    value.complain(
                            "must be free, unknown or public, or prices per million tokens such as"
                                    + " {input: 1.25, output: 10}");
                    yield new Prices.Unknown();
                }
            };
        }
        var currencies = new ArrayList<String>();
        var rates = new ArrayList<Rate>();
        for (YamlValue one : value.isList() ? value.list() : List.of(value)) {
            rates.add(rate(one.map(), currency, currencies));
        }
        if (currencies.stream().distinct().count() > 1) {
            value.complain("all prices of one offer must be in one currency");
        }
        String own = currencies.isEmpty() ? currency : currencies.getFirst();
        return new Prices.Own(new Tariff(own, rates));
    }

    private static BigDecimal discount(@Nullable YamlValue value, @Nullable YamlValue prices) {
        BigDecimal percent = value == null ? null : value.decimal();
        if (value == null || percent == null) {
            return BigDecimal.ZERO;
        }
        if (percent.compareTo(PERCENT_MAX) > 0) {
            value.complain("is in percent, from 0 to 100");
            return BigDecimal.ZERO;
        }
        if (prices != null && !(prices.isText() && "public".equals(prices.text()))) {
            value.complain("is off the public price: drop it where the offer has its own prices");
        }
        return percent;
    }

    private static Rate rate(YamlMap map, String otherwise, List<String> currencies) {
        currencies.add(currency(map, otherwise));
        YamlValue tier = map.get("tier");
        YamlValue region = map.get("region");
        YamlValue excess = map.get("excess");
        String tierWord = tier == null ? null : tier.text();
        String where = region == null ? null : region.text();
        LocalDate from = parsed(map.get("from"), LocalDate::parse, "2026-08-22");
        LocalDate until = parsed(map.get("until"), LocalDate::parse, "2026-08-22");
        Rate.Hours hours = parsed(map.get("hours"), PricesReader::hours, "\"00:30-16:30\", in UTC");
        String onlyExcess = excess == null ? null : excess.oneOf(List.of("true", "false"));
        Map<Meter, BigDecimal> prices = meters(map);
        var bands = new ArrayList<Rate.Band>();
        YamlValue above = map.get("above");
        if (above != null) {
            for (YamlValue band : above.list()) {
                bands.add(band(band.map()));
            }
        }
        map.noOthers();
        return new Rate(
                Tiers.of(tierWord),
                where,
                from,
                until,
                hours,
                prices,
                bands,
                "true".equals(onlyExcess));
    }

    private static Rate.Band band(YamlMap map) {
        YamlValue tokens = map.required("input_tokens", "200000");
        Long threshold = tokens == null ? null : tokens.number(1, 1L << 40);
        Map<Meter, BigDecimal> prices = meters(map);
        map.noOthers();
        return new Rate.Band(threshold == null ? 1 : threshold, prices);
    }

    /** Per million of what each counts; what is billed by the piece may be said by the piece. */
    private static Map<Meter, BigDecimal> meters(YamlMap map) {
        var perMillion = new EnumMap<Meter, BigDecimal>(Meter.class);
        for (Meter meter : Meter.values()) {
            YamlValue price = map.get(key(meter));
            BigDecimal decimal = price == null ? null : price.decimal();
            if (decimal != null) {
                perMillion.put(meter, decimal);
            }
        }
        piece(map, "per_request", Meter.REQUESTS, perMillion);
        piece(map, "per_image", Meter.IMAGES, perMillion);
        return perMillion;
    }

    private static void piece(
            YamlMap map, String key, Meter meter, Map<Meter, BigDecimal> perMillion) {
        YamlValue price = map.get(key);
        BigDecimal decimal = price == null ? null : price.decimal();
        if (price != null && decimal != null) {
            if (perMillion.put(meter, decimal.movePointRight(6)) != null) {
                price.complain("and '" + key(meter) + "' say the same: drop one");
            }
        }
    }

    private static <T> @Nullable T parsed(
            @Nullable YamlValue value, Function<String, T> parser, String example) {
        String text = value == null ? null : value.text();
        if (value == null || text == null) {
            return null;
        }
        try {
            return parser.apply(text);
        } catch (DateTimeException e) {
            value.complain("must be such as " + example + ", but is '" + text + "'");
            return null;
        }
    }

    private static Rate.Hours hours(String text) {
        String[] ends = text.split("-", 2);
        if (ends.length != 2) {
            throw new DateTimeException("not two times");
        }
        return new Rate.Hours(LocalTime.parse(ends[0]), LocalTime.parse(ends[1]));
    }

    /** What becomes of orders whose price is not known: a word, or a ceiling. */
    static UnknownPrice unknown(@Nullable YamlValue value, String currency) {
        if (value == null) {
            return new UnknownPrice.Allow();
        }
        if (value.isText()) {
            String word = value.oneOf(List.of("allow", "refuse"));
            return "refuse".equals(word) ? new UnknownPrice.Refuse() : new UnknownPrice.Allow();
        }
        YamlMap map = value.map();
        YamlValue ceiling = map.required("ceiling", "100");
        YamlValue piece = map.get("ceiling_per_piece");
        BigDecimal perMillion = ceiling == null ? null : ceiling.decimal();
        BigDecimal perPiece = piece == null ? null : piece.decimal();
        String own = currency(map, currency);
        map.noOthers();
        return perMillion == null
                ? new UnknownPrice.Allow()
                : new UnknownPrice.Ceiling(own, perMillion, perPiece);
    }

    /** The word for a meter in the file: {@code FRESH_INPUT} is what people call input. */
    private static String key(Meter meter) {
        return meter == Meter.FRESH_INPUT ? "input" : meter.name().toLowerCase(Locale.ROOT);
    }

    static String currency(YamlMap map, String otherwise) {
        YamlValue value = map.get("currency");
        String text = value == null ? null : value.text();
        if (value == null || text == null) {
            return otherwise;
        }
        if (!Money.isCurrency(text)) {
            value.complain("must be three capital letters of ISO 4217, such as USD or EUR");
            return otherwise;
        }
        return text;
    }
}
