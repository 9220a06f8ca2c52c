package entrepot.market.contracts.reading;

import entrepot.market.yaml.YamlValue;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates, instants and lengths of time. */
final class Dates {

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern PERIOD = Pattern.compile("([1-9]\\d{0,3})(d|w|mo|y)");

    private Dates() {}

    /** A date, which is its first instant in the zone, or an instant with its offset. */
    static @Nullable Instant instant(YamlValue value, ZoneId zone) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        try {
            if (DATE.matcher(text).matches()) {
                return LocalDate.parse(text).atStartOfDay(zone).toInstant();
            }
            Instant instant = OffsetDateTime.parse(text).toInstant();
            if (!instant.truncatedTo(ChronoUnit.MILLIS).equals(instant)) {
                value.complain("is finer than a millisecond: drop the last digits");
                return null;
            }
            return instant;
        } catch (DateTimeException e) {
            complain(value, text);
            return null;
        }
    }

    static @Nullable LocalDate date(YamlValue value) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            complain(value, text);
            return null;
        }
    }

    private static void complain(YamlValue value, String text) {
        if (DATE.matcher(text).matches()) {
            value.complain("there is no day '" + text + "' in any calendar: look it up");
        } else {
            value.complain(
                    "must be a date such as 2026-04-27, or a time with its offset such as"
                            + " 2026-04-27T09:00:00Z, but is '"
                            + text
                            + "'");
        }
    }

    static @Nullable Period period(YamlValue value) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        Matcher matcher = PERIOD.matcher(text);
        if (!matcher.matches()) {
            value.complain("must be a length such as 30d, 6w, 18mo or 8y, but is '" + text + "'");
            return null;
        }
        int count = Integer.parseInt(matcher.group(1));
        return switch (matcher.group(2)) {
            case "d" -> Period.ofDays(count);
            case "w" -> Period.ofWeeks(count);
            case "mo" -> Period.ofMonths(count);
            default -> Period.ofYears(count);
        };
    }

    static @Nullable ZoneId zone(YamlValue value) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            value.complain(
                    "is no time zone: give one such as UTC or America/Los_Angeles, not '"
                            + text
                            + "'");
            return null;
        }
    }
}
