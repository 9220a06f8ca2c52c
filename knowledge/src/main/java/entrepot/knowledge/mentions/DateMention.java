package entrepot.knowledge.mentions;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;

/**
 * A date as a text writes it.
 *
 * @param words verbatim, such as {@code Sunday, April 13}
 * @param from offset in the sentence
 * @param to offset after it
 * @param year null when the text leaves it out
 * @param day 0 when only a month and a year are named
 * @param weekday null when the text names none
 */
public record DateMention(
        String words,
        int from,
        int to,
        @Nullable Integer year,
        int month,
        int day,
        @Nullable DayOfWeek weekday) {

    public boolean hasDay() {
        return day > 0;
    }

    /** The day in this year, or null when there is none, as for 30 February. */
    public @Nullable LocalDate in(int someYear) {
        try {
            return hasDay() ? LocalDate.of(someYear, month, day) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Whether the weekday, if named, is right in this year. */
    public boolean fits(int someYear) {
        LocalDate date = in(someYear);
        return date != null && (weekday == null || date.getDayOfWeek() == weekday);
    }

    /** Whether it is the same day of the same month, years left out of account. */
    public boolean sameDay(DateMention other) {
        return month == other.month && day == other.day;
    }
}
