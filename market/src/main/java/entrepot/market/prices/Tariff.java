package entrepot.market.prices;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * Everything that one offer costs, whenever and however it is bought.
 *
 * @param currency ISO 4217
 * @param rates in any order but for the last word: of two that fit as well, the later counts
 */
public record Tariff(String currency, List<Rate> rates) {

    public Tariff {
        rates = List.copyOf(rates);
    }

    /**
     * The rate that holds: of those for the tier, the time and the region, the one that says most
     * exactly where, then the youngest, then the one for some hours only.
     *
     * @param tier one of {@link Tiers}' words; {@code fast} is also sold as {@code priority}
     * @return null when this tier has no price then and there: another tier's is never taken
     */
    public @Nullable Rate at(String tier, @Nullable String region, Instant at) {
        Rate rate = find(tier, region, at);
        return rate == null && tier.equals(Tiers.FAST) ? find(Tiers.PRIORITY, region, at) : rate;
    }

    private @Nullable Rate find(String tier, @Nullable String region, Instant at) {
        Rate best = null;
        for (Rate rate : rates) {
            if (rate.tier().equals(tier)
                    && rate.holds(at)
                    && rate.holdsIn(region)
                    && (best == null || compare(rate, best) >= 0)) {
                best = rate;
            }
        }
        return best;
    }

    private static int compare(Rate one, Rate other) {
        int region = Integer.compare(length(one.region()), length(other.region()));
        if (region != 0) {
            return region;
        }
        int age = day(one.from()).compareTo(day(other.from()));
        return age != 0 ? age : Boolean.compare(one.hours() != null, other.hours() != null);
    }

    private static int length(@Nullable String region) {
        return region == null ? 0 : region.length();
    }

    private static LocalDate day(@Nullable LocalDate from) {
        return from == null ? LocalDate.MIN : from;
    }
}
