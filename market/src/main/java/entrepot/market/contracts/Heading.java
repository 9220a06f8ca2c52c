package entrepot.market.contracts;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What every clause has.
 *
 * @param contract the id of its contract
 * @param id unique within its contract
 * @param says the clause in plain words
 * @param parties whom it binds or favours
 * @param from when it begins to apply; {@link Instant#MIN} when it always did
 * @param to when it no longer applies; {@link Instant#MAX} when no end is agreed
 * @param learned when we learned of it
 * @param supersedes the clauses that it takes the place of, as {@code contract/clause}
 * @param zone whose calendar days, months and years are counted by
 * @param reading how an unclear source is read, and why
 */
public record Heading(
        String contract,
        String id,
        String says,
        List<String> parties,
        Scope scope,
        Instant from,
        Instant to,
        Instant learned,
        Source source,
        List<String> supersedes,
        ZoneId zone,
        @Nullable String reading,
        Place place) {

    public Heading {
        parties = List.copyOf(parties);
        supersedes = List.copyOf(supersedes);
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException(contract + "/" + id + " ends before it begins");
        }
        for (Instant time : List.of(from, to, learned)) {
            if (!isWhole(time)) {
                throw new IllegalArgumentException("finer than a millisecond: " + time);
            }
        }
    }

    private static boolean isWhole(Instant time) {
        return time.equals(Instant.MIN)
                || time.equals(Instant.MAX)
                || time.truncatedTo(ChronoUnit.MILLIS).equals(time);
    }

    /** The instant a number of days, months or years after another. */
    public Instant after(Instant time, Period length) {
        return time.atZone(zone).plus(length).toInstant();
    }

    public String ref() {
        return contract + "/" + id;
    }
}
