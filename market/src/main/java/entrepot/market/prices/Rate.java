package entrepot.market.prices;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The unit prices of one tier in one region for one time.
 *
 * @param tier one of {@link Tiers}' words
 * @param region where it holds, such as {@code eu} (also for {@code eu-west-1}); null everywhere
 * @param from the first day, in UTC; null since ever
 * @param until the first day on which it holds no more; null without end
 * @param hours of each day, in UTC; null all day
 * @param perMillion of what each meter counts
 * @param above what costs otherwise when there is more input, by rising numbers of tokens
 * @param excess whether only the input above costs otherwise, not the whole request
 */
public record Rate(
        String tier,
        @Nullable String region,
        @Nullable LocalDate from,
        @Nullable LocalDate until,
        @Nullable Hours hours,
        Map<Meter, BigDecimal> perMillion,
        List<Band> above,
        boolean excess) {

    /** A prompt's beginning is what caches hold, so that what is above is fresh first of all. */
    private static final List<Meter> INPUT =
            List.of(
                    Meter.CACHE_READ,
                    Meter.CACHE_WRITE_1H,
                    Meter.CACHE_WRITE_5M,
                    Meter.AUDIO_INPUT,
                    Meter.IMAGE_INPUT,
                    Meter.FRESH_INPUT);

    public Rate {
        perMillion = Collections.unmodifiableMap(new EnumMap<>(filled(perMillion)));
        var bands = new ArrayList<Band>();
        Map<Meter, BigDecimal> lower = perMillion;
        for (Band band :
                above.stream().sorted(Comparator.comparingLong(Band::inputTokens)).toList()) {
            var prices = filled(lower);
            prices.putAll(band.perMillion());
            bands.add(new Band(band.inputTokens(), prices));
            lower = prices;
        }
        above = List.copyOf(bands);
    }

    /** Prices of the standard tier, at all times and everywhere. */
    public static Rate always(Map<Meter, BigDecimal> perMillion) {
        return new Rate(Tiers.STANDARD, null, null, null, null, perMillion, List.of(), false);
    }

    private static EnumMap<Meter, BigDecimal> filled(Map<Meter, BigDecimal> prices) {
        var filled = new EnumMap<Meter, BigDecimal>(Meter.class);
        filled.putAll(prices);
        return filled;
    }

    /**
     * What costs otherwise above so much input.
     *
     * @param perMillion of the meters that cost otherwise; the others cost what they cost below
     */
    public record Band(long inputTokens, Map<Meter, BigDecimal> perMillion) {

        public Band {
            perMillion = Collections.unmodifiableMap(new EnumMap<>(filled(perMillion)));
        }
    }

    /** A part of each day, from the first time to before the second; may pass midnight. */
    public record Hours(LocalTime from, LocalTime until) {

        boolean has(LocalTime time) {
            boolean after = !time.isBefore(from);
            boolean before = time.isBefore(until);
            return from.isBefore(until) ? after && before : after || before;
        }
    }

    boolean holds(Instant at) {
        if (from == null && until == null && hours == null) {
            return true;
        }
        LocalDate day = at.atZone(ZoneOffset.UTC).toLocalDate();
        return (from == null || !day.isBefore(from))
                && (until == null || day.isBefore(until))
                && (hours == null || hours.has(at.atZone(ZoneOffset.UTC).toLocalTime()));
    }

    boolean holdsIn(@Nullable String where) {
        return region == null
                || (where != null && (where.equals(region) || where.startsWith(region + "-")));
    }

    /** What a usage costs: each meter with its count and price; without a price where none is. */
    List<Line> lines(Usage usage) {
        Band band = null;
        for (Band each : above) {
            band = usage.inputTokens() > each.inputTokens() ? each : band;
        }
        if (band != null && excess) {
            return sliced(usage);
        }
        var lines = new ArrayList<Line>();
        Map<Meter, BigDecimal> prices = band == null ? perMillion : band.perMillion();
        usage.meters().forEach((meter, count) -> lines.add(line(prices, meter, count)));
        return lines;
    }

    /** Only what is above a threshold costs otherwise; what is written costs as ever. */
    private List<Line> sliced(Usage usage) {
        var lines = new ArrayList<Line>();
        long position = 0;
        for (Meter meter : INPUT) {
            long end = position + usage.of(meter);
            long start = position;
            Map<Meter, BigDecimal> prices = perMillion;
            for (Band band : above) {
                long cut = Math.clamp(band.inputTokens(), start, end);
                if (cut > start) {
                    lines.add(line(prices, meter, cut - start));
                }
                start = cut;
                prices = band.perMillion();
            }
            if (end > start) {
                lines.add(line(prices, meter, end - start));
            }
            position = end;
        }
        usage.meters()
                .forEach((meter, count) -> {
                    if (!INPUT.contains(meter)) {
                        lines.add(line(perMillion, meter, count));
                    }
                });
        return lines;
    }

    private static Line line(Map<Meter, BigDecimal> prices, Meter meter, long count) {
        BigDecimal price = prices.get(meter);
        // Vendors bill reasoning as output and list no price of its own for it.
        return new Line(
                meter,
                count,
                price == null && meter == Meter.REASONING ? prices.get(Meter.OUTPUT) : price);
    }

    /**
     * One line of a bill.
     *
     * @param perMillion null when this meter has no known price
     */
    public record Line(Meter meter, long count, @Nullable BigDecimal perMillion) {

        /** In the tariff's currency; nothing may be unknown. */
        BigDecimal cost() {
            if (perMillion == null) {
                throw new IllegalStateException(meter + " has no price");
            }
            return perMillion.multiply(BigDecimal.valueOf(count)).movePointLeft(6);
        }

        Line less(BigDecimal discountPercent) {
            return perMillion == null || discountPercent.signum() == 0
                    ? this
                    : new Line(
                            meter,
                            count,
                            perMillion
                                    .multiply(BigDecimal.valueOf(100).subtract(discountPercent))
                                    .movePointLeft(2));
        }
    }
}
