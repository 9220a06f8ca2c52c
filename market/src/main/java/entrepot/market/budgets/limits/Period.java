package entrepot.market.budgets.limits;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/** After which a count begins anew: a unit of the calendar of a zone, or never. */
public enum Period {
    MINUTE,
    HOUR,
    DAY,
    /** From Monday, ISO 8601. */
    WEEK,
    MONTH,
    /** Counts for good. */
    NONE;

    private static final Span FOR_GOOD = new Span(0, Long.MAX_VALUE);

    /** The period that an instant falls into. */
    public Span at(Instant at, ZoneId zone) {
        return switch (this) {
            case MINUTE -> clock(at, zone, ChronoUnit.MINUTES);
            case HOUR -> clock(at, zone, ChronoUnit.HOURS);
            case DAY -> {
                LocalDate day = LocalDate.ofInstant(at, zone);
                yield span(day, day.plusDays(1), zone);
            }
            case WEEK -> {
                LocalDate monday =
                        LocalDate.ofInstant(at, zone)
                                .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                yield span(monday, monday.plusWeeks(1), zone);
            }
            case MONTH -> {
                LocalDate first = LocalDate.ofInstant(at, zone).withDayOfMonth(1);
                yield span(first, first.plusMonths(1), zone);
            }
            case NONE -> FOR_GOOD;
        };
    }

    /** Hours and minutes are as long as they say, also when clocks are put back. */
    private static Span clock(Instant at, ZoneId zone, ChronoUnit unit) {
        Instant start = at.atZone(zone).truncatedTo(unit).toInstant();
        return new Span(start.toEpochMilli(), start.plus(1, unit).toEpochMilli());
    }

    private static Span span(LocalDate first, LocalDate next, ZoneId zone) {
        return new Span(
                first.atStartOfDay(zone).toInstant().toEpochMilli(),
                next.atStartOfDay(zone).toInstant().toEpochMilli());
    }

    /**
     * From when to when, in milliseconds since 1970.
     *
     * @param endMillis the first that is outside; {@code Long.MAX_VALUE} for never
     */
    public record Span(long startMillis, long endMillis) {

        public boolean has(long millis) {
            return millis >= startMillis && millis < endMillis;
        }

        public boolean ends() {
            return endMillis != Long.MAX_VALUE;
        }
    }
}
