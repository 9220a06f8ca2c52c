package entrepot.protocols;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * When a supplier says to come back: RFC 9110 §10.2.3, and the milliseconds that some send beside
 * it.
 */
public final class RetryAfter {

    private RetryAfter() {}

    /** The wait that an answer's headers ask for, or null. */
    public static @Nullable Duration read(Header header) {
        String millis = header.get("retry-after-ms");
        if (millis != null && millis.matches("[0-9]{1,12}")) {
            return Duration.ofMillis(Long.parseLong(millis));
        }
        String after = header.get("retry-after");
        if (after == null) {
            return null;
        }
        if (after.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(after));
        }
        // A date is measured against the supplier's own clock, which its answer tells.
        String now = header.get("date");
        if (now == null) {
            return null;
        }
        try {
            Duration wait = Duration.between(time(now), time(after));
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException notDates) {
            return null;
        }
    }

    private static ZonedDateTime time(String text) {
        return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
    }
}
