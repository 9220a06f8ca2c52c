package entrepot.knowledge.mentions;

import org.jspecify.annotations.Nullable;

import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads dates in the orders people write them: April 13, 2026; 13 April 2026; 2026-04-13;
 * 13.4.2026. Dates of slashes are read only when one number is above 12.
 */
final class Dates {

    private static final String WEEKDAY =
            "(?:(?<weekday>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\\s+(?:the\\s+|on\\s+)?)?";
    private static final String MONTH =
            "(?<month>(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\\.?(?!\\p{L})"
                    + "|January|February|March|April|May|June|July|August|September|October"
                    + "|November|December)";
    private static final String DAY = "(?<day>\\d{1,2})(?:st|nd|rd|th)?(?![\\d:%]|[.,]\\d)";
    private static final String YEAR = "(?<year>(?:19|20)\\d{2})(?!\\d)";

    private static final List<Pattern> PATTERNS =
            List.of(
                    Pattern.compile(
                            "(?<![\\d-])" + YEAR + "-(?<month>\\d{2})-(?<day>\\d{2})(?!\\d)"),
                    Pattern.compile(
                            "\\b"
                                    + WEEKDAY
                                    + "(?<!\\d)"
                                    + DAY
                                    + "\\s+(?:of\\s+)?"
                                    + MONTH
                                    + "(?![\\p{L}])(?:,?\\s+"
                                    + YEAR
                                    + ")?"),
                    Pattern.compile(
                            "\\b"
                                    + WEEKDAY
                                    + MONTH
                                    + "\\s+(?:the\\s+)?"
                                    + DAY
                                    + "(?:,?\\s+"
                                    + YEAR
                                    + ")?"),
                    Pattern.compile(
                            "(?<![\\d.])(?<day>\\d{1,2})\\.(?<month>\\d{1,2})\\."
                                    + YEAR
                                    + "(?!\\.\\d)"),
                    Pattern.compile("(?<![\\d/])(?<day>\\d{1,2})/(?<month>\\d{1,2})/" + YEAR),
                    Pattern.compile("\\b" + MONTH + ",?\\s+(?:of\\s+)?" + YEAR));

    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";

    private Dates() {}

    static List<DateMention> in(String sentence) {
        var found = new ArrayList<DateMention>();
        for (Pattern pattern : PATTERNS) {
            Matcher matcher = pattern.matcher(sentence);
            while (matcher.find()) {
                int from = matcher.start();
                int to = matcher.end();
                boolean taken = found.stream().anyMatch(d -> from < d.to() && d.from() < to);
                DateMention mention = taken ? null : mention(matcher);
                if (mention != null) {
                    found.add(mention);
                }
            }
        }
        found.sort(Comparator.comparingInt(DateMention::from));
        return found;
    }

    private static @Nullable DateMention mention(Matcher matcher) {
        int month = month(matcher.group("month"));
        int day = number(matcher, "day");
        if (matcher.group().indexOf('/') >= 0) {
            if (day <= 12 && month > 12) {
                int swapped = day;
                day = month;
                month = swapped;
            } else if (day <= 12) {
                return null;
            }
        }
        if (month < 1 || month > 12 || day > 31 || (day == 0 && matcher.group(0).contains("00"))) {
            return null;
        }
        int year = number(matcher, "year");
        return new DateMention(
                matcher.group(),
                matcher.start(),
                matcher.end(),
                year == 0 ? null : year,
                month,
                day,
                weekday(matcher));
    }

    private static int month(String word) {
        if (Character.isDigit(word.charAt(0))) {
            return Integer.parseInt(word);
        }
        return MONTHS.indexOf(word.substring(0, 3).toLowerCase(Locale.ROOT)) / 3 + 1;
    }

    private static int number(Matcher matcher, String group) {
        if (!matcher.namedGroups().containsKey(group)) {
            return 0;
        }
        String digits = matcher.group(group);
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static @Nullable DayOfWeek weekday(Matcher matcher) {
        if (!matcher.namedGroups().containsKey("weekday")) {
            return null;
        }
        String word = matcher.group("weekday");
        return word == null ? null : DayOfWeek.valueOf((word + "day").toUpperCase(Locale.ROOT));
    }
}
