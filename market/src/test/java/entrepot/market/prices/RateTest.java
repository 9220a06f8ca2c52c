package entrepot.market.prices;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

class RateTest {

    private static final Instant NOON = Instant.parse("2026-04-12T12:00:00Z");
    private static final Map<Meter, BigDecimal> LOW =
            Map.of(
                    Meter.FRESH_INPUT, new BigDecimal("3"),
                    Meter.CACHE_READ, new BigDecimal("0.3"),
                    Meter.OUTPUT, new BigDecimal("15"));
    private static final List<Rate.Band> ABOVE =
            List.of(
                    new Rate.Band(
                            200_000,
                            Map.of(
                                    Meter.FRESH_INPUT, new BigDecimal("6"),
                                    Meter.OUTPUT, new BigDecimal("22.5"))));

    @Test
    void r57AboveTheThresholdTheWholeRequestCostsMore() {
        Rate whole = rate(Tiers.STANDARD, null, ABOVE, false);
        assertThat(cost(whole, usage(100_000, 100_000, 1_000))).isEqualTo("0.345");
        assertThat(cost(whole, usage(100_001, 100_000, 1_000)))
                .as("a token more; cached input counts, and costs what it did")
                .isEqualTo("0.652506");
    }

    @Test
    void r57AboveTheThresholdOnlyTheExcessCostsMore() {
        Rate excess = rate(Tiers.STANDARD, null, ABOVE, true);
        assertThat(cost(excess, usage(100_000, 100_000, 1_000))).isEqualTo("0.345");
        assertThat(cost(excess, usage(100_001, 100_000, 1_000))).isEqualTo("0.345006");
        assertThat(cost(excess, usage(10, 300_000, 0)))
                .as("the cache holds a prompt's beginning; what is above it is cached, too")
                .isEqualTo("0.09006");
    }

    @Test
    void theSlicesOfAnExcessAddUpToTheUsage() {
        Rate excess =
                rate(
                        Tiers.STANDARD,
                        null,
                        List.of(ABOVE.getFirst(), new Rate.Band(500_000, LOW)),
                        true);
        Seeds.each(
                200,
                random -> {
                    var meters = new EnumMap<Meter, Long>(Meter.class);
                    for (Meter meter : Meter.values()) {
                        meters.put(meter, (long) random.upTo(400_000));
                    }
                    var usage = new Usage(meters, false);
                    var sum = new EnumMap<Meter, Long>(Meter.class);
                    excess.lines(usage)
                            .forEach(line -> sum.merge(line.meter(), line.count(), Long::sum));
                    assertThat(sum).isEqualTo(usage.meters());
                });
    }

    @Test
    void theYoungestRateThatHoldsCounts() {
        var tariff =
                new Tariff(
                        "USD",
                        List.of(
                                dated(null, null, "1"),
                                dated("2026-04-01", null, "2"),
                                dated("2026-05-01", null, "3"),
                                dated("2026-03-01", "2026-04-12", "4")));
        assertThat(input(tariff, NOON)).isEqualTo("2");
        assertThat(input(tariff, Instant.parse("2026-03-31T23:59:59Z"))).isEqualTo("4");
        assertThat(input(tariff, Instant.parse("2026-05-01T00:00:00Z"))).isEqualTo("3");
        assertThat(input(tariff, Instant.EPOCH)).isEqualTo("1");
    }

    @Test
    void hoursMayPassMidnight() {
        var night = new Rate.Hours(LocalTime.of(22, 0), LocalTime.of(6, 0));
        assertThat(night.has(LocalTime.of(23, 0))).isTrue();
        assertThat(night.has(LocalTime.of(5, 59))).isTrue();
        assertThat(night.has(LocalTime.of(6, 0))).isFalse();
        var day = new Rate.Hours(LocalTime.of(6, 0), LocalTime.of(22, 0));
        assertThat(day.has(LocalTime.of(6, 0))).isTrue();
        assertThat(day.has(LocalTime.of(22, 0))).isFalse();
    }

    @Test
    void theNearestRegionCounts() {
        var tariff =
                new Tariff(
                        "USD",
                        List.of(
                                rate(Tiers.STANDARD, null, List.of(), false),
                                rate(Tiers.STANDARD, "eu", ABOVE, false),
                                rate(Tiers.STANDARD, "eu-west-1", ABOVE, true)));
        assertThat(region(tariff, "eu-west-1")).isEqualTo("eu-west-1");
        assertThat(region(tariff, "eu-north-1")).isEqualTo("eu");
        assertThat(region(tariff, "europe-west4")).as("another word").isNull();
        assertThat(region(tariff, null)).isNull();
    }

    @Test
    void r58ATierWithoutAPriceIsNeverAnotherTiers() {
        var tariff =
                new Tariff(
                        "USD",
                        List.of(
                                rate(Tiers.STANDARD, null, List.of(), false),
                                rate("priority", null, List.of(), false)));
        assertThat(tariff.at("flex", null, NOON)).isNull();
        assertThat(tariff.at("fast", null, NOON)).isEqualTo(tariff.rates().getLast());
        assertThat(List.of("default", "on_demand", "ON_DEMAND", "auto", ""))
                .allSatisfy(word -> assertThat(Tiers.of(word)).isEqualTo(Tiers.STANDARD));
        assertThat(Tiers.of("ON_DEMAND_FLEX")).isEqualTo("flex");
    }

    @Test
    void r58ReasoningCostsWhatTheTiersOutputDoes() {
        var flex =
                new Rate(
                        "flex",
                        null,
                        null,
                        null,
                        null,
                        Map.of(Meter.OUTPUT, BigDecimal.ONE),
                        List.of(),
                        false);
        var book = book(new Tariff("USD", List.of(Rate.always(LOW), flex)));
        var usage = new Usage(Map.of(Meter.OUTPUT, 1L, Meter.REASONING, 9L), false);
        assertThat(book.rate(ASKED, usage.withTier("flex")).cost())
                .isEqualTo(Money.of("0.00001", "USD"));
        assertThat(book.rate(ASKED, usage.withTier("batch")))
                .isInstanceOfSatisfying(
                        Rating.Unknown.class,
                        unknown -> {
                            assertThat(unknown.cost()).isNull();
                            assertThat(unknown.reason()).contains("tier 'batch' of a/b at s");
                        });
    }

    @Test
    void r60ACeilingIsBilledForWhatHasNoPriceOnly() {
        var ceiling = new UnknownPrice.Ceiling("USD", new BigDecimal("100"), new BigDecimal("0.5"));
        var tariff = new Tariff("USD", List.of(Rate.always(LOW)));
        PriceBook book = book(tariff, ceiling);
        var usage =
                new Usage(
                        Map.of(Meter.FRESH_INPUT, 1L, Meter.CACHE_WRITE_1H, 1L, Meter.IMAGES, 1L),
                        false);
        Rating rating = book.rate(ASKED, usage);
        assertThat(rating.cost()).isEqualTo(Money.of("0.500103", "USD"));
        assertThat(rating)
                .isInstanceOfSatisfying(
                        Rating.Unknown.class,
                        unknown -> assertThat(unknown.meter()).isEqualTo(Meter.CACHE_WRITE_1H));
        assertThat(
                        book(tariff, new UnknownPrice.Ceiling("EUR", BigDecimal.ONE, null))
                                .rate(ASKED, usage)
                                .cost())
                .as("two currencies do not add")
                .isNull();
    }

    private static final RatingQuestion ASKED = new RatingQuestion("a/b", "s", "b", NOON);

    private static PriceBook book(Tariff tariff) {
        return book(tariff, new UnknownPrice.Allow());
    }

    private static PriceBook book(Tariff tariff, UnknownPrice unknown) {
        return new PriceBook(
                "v",
                PriceList.shipped(),
                Map.of(
                        new PriceBook.Key("s", "a/b", "b"),
                        new PriceBook.Entry(new Prices.Own(tariff), null, null)),
                unknown,
                "USD");
    }

    private static Rate rate(
            String tier, @Nullable String region, List<Rate.Band> above, boolean excess) {
        return new Rate(tier, region, null, null, null, LOW, above, excess);
    }

    private static Rate dated(@Nullable String from, @Nullable String until, String input) {
        return new Rate(
                Tiers.STANDARD,
                null,
                from == null ? null : LocalDate.parse(from),
                until == null ? null : LocalDate.parse(until),
                null,
                Map.of(Meter.FRESH_INPUT, new BigDecimal(input)),
                List.of(),
                false);
    }

    private static String input(Tariff tariff, Instant at) {
        Rate rate = tariff.at(Tiers.STANDARD, null, at);
        return rate == null ? "none" : String.valueOf(rate.perMillion().get(Meter.FRESH_INPUT));
    }

    private static @Nullable String region(Tariff tariff, @Nullable String where) {
        Rate rate = tariff.at(Tiers.STANDARD, where, NOON);
        return rate == null ? "none" : rate.region();
    }

    private static Usage usage(long fresh, long cached, long output) {
        return new Usage(
                Map.of(Meter.FRESH_INPUT, fresh, Meter.CACHE_READ, cached, Meter.OUTPUT, output),
                false);
    }

    private static String cost(Rate rate, Usage usage) {
        return rate.lines(usage).stream()
                .map(Rate.Line::cost)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .stripTrailingZeros()
                .toPlainString();
    }
}
