package entrepot.knowledge.mentions;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads amounts of money, percentages and counts with a unit. Bare numbers are no figures. */
final class Figures {

    private static final Map<String, Integer> ZEROS =
            Map.of(
                    "hundred",
                    2,
                    "thousand",
                    3,
                    "k",
                    3,
                    "million",
                    6,
                    "m",
                    6,
                    "mn",
                    6,
                    "billion",
                    9,
                    "bn",
                    9,
                    "b",
                    9);
    private static final String NUMBER =
            "(?<number>\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?)";
    private static final String SCALE = "(?<scale>hundred|thousand|million|billion|trillion)";
    private static final String MONEY =
            "(?<money>(?:US|A|C|HK)?\\$|[€£¥₹]|(?:USD|EUR|GBP|CHF|JPY)\\s?)\\s?"
                    + NUMBER
                    + "(?:[\\s-]?(?:"
                    + SCALE
                    + "|(?<short>bn|mn|[kKmMbB]))\\b)?";
    private static final String PERCENT =
            NUMBER + "(?:\\s?%|\\s(?:per\\s?cent|percent)\\b)(?:\\s(?:points))?";
    private static final String UNIT =
            "(?<unit>gigawatts?|megawatts?|kilowatts?|GWh?|MWh?|kWh?|terabytes?|gigabytes?|TB|GB|MB"
                    + "|kilomet(?:er|re)s?|met(?:er|re)s?|miles?|km|kilograms?|kg|grams?|g|tonnes?"
                    + "|tons?|lit(?:er|re)s?|ml|acres?|hectares?|people|users?|customers?|employees"
                    + "|subscribers?|developers?|companies|countries|jobs|units?|seats?|shares?"
                    + "|euros?|dollars?|pounds?|degrees|°[CF]|cups?|tablespoons?|teaspoons?|hours?"
                    + "|minutes?|seconds?|days?|weeks?|months?|years?|octets?|bytes?|bits?)";
    private static final String COUNT =
            NUMBER + "(?:[\\s-]" + SCALE + ")?[\\s-]?" + UNIT + "(?![\\p{L}])";

    private static final List<Pattern> PATTERNS =
            List.of(
                    Pattern.compile("(?<![\\w$.,])" + MONEY),
                    Pattern.compile("(?<![\\w$.,-])" + PERCENT),
                    Pattern.compile("(?<![\\w$.,-])" + COUNT));

    private static final Pattern QUALIFIER =
            Pattern.compile(
                    "\\b(up to|as much as|at least|at most|no more than|more than|less than|over"
                            + "|under|about|around|nearly|almost|roughly|approximately|some|an"
                            + " additional|another|additional|an estimated|estimated|planned|an"
                            + " initial|initial|a further)\\s+(?:a\\s+|an\\s+|the\\s+)?$",
                    Pattern.CASE_INSENSITIVE);

    private static final Pattern NAME_BEFORE = Pattern.compile("\\w\\W+\\p{Lu}\\w+\\s$");

    private Figures() {}

    static List<FigureMention> in(String sentence, List<DateMention> dates) {
        var found = new ArrayList<FigureMention>();
        for (Pattern pattern : PATTERNS) {
            Matcher matcher = pattern.matcher(sentence);
            while (matcher.find()) {
                int from = matcher.start();
                int to = matcher.end();
                boolean taken =
                        found.stream().anyMatch(f -> from < f.to() && f.from() < to)
                                || dates.stream().anyMatch(d -> from < d.to() && d.from() < to);
                if (!taken && !isPartOfName(sentence, matcher)) {
                    found.add(mention(sentence, matcher));
                }
            }
        }
        found.sort(java.util.Comparator.comparingInt(FigureMention::from));
        return found;
    }

    /** As in Fortune 500 companies or Microsoft 365 users. */
    private static boolean isPartOfName(String sentence, Matcher matcher) {
        return !group(matcher, "unit").isEmpty()
                && NAME_BEFORE.matcher(sentence.substring(0, matcher.start())).find();
    }

    private static FigureMention mention(String sentence, Matcher matcher) {
        var value = new BigDecimal(matcher.group("number").replace(",", ""));
        String scale = group(matcher, "scale") + group(matcher, "short");
        if (scale.equals("trillion")) {
            value = value.movePointRight(12);
        } else if (!scale.isEmpty()) {
            value = value.movePointRight(ZEROS.getOrDefault(scale.toLowerCase(Locale.ROOT), 0));
        }
        return new FigureMention(
                matcher.group(),
                matcher.start(),
                matcher.end(),
                value,
                unit(matcher),
                qualifier(sentence.substring(0, matcher.start())));
    }

    private static String unit(Matcher matcher) {
        String money = group(matcher, "money").strip();
        if (!money.isEmpty()) {
            return switch (money) {
                case "US$", "USD" -> "$";
                case "EUR" -> "€";
                case "GBP" -> "£";
                default -> money;
            };
        }
        String unit = group(matcher, "unit");
        if (unit.isEmpty()) {
            return "%";
        }
        return switch (unit) {
            case "GW" -> "gigawatt";
            case "MW" -> "megawatt";
            case "km" -> "kilometre";
            default ->
                    unit.length() > 3 && unit.endsWith("s")
                            ? unit.substring(0, unit.length() - 1).toLowerCase(Locale.ROOT)
                            : unit;
        };
    }

    private static String group(Matcher matcher, String name) {
        if (!matcher.namedGroups().containsKey(name)) {
            return "";
        }
        String text = matcher.group(name);
        return text == null ? "" : text;
    }

    private static String qualifier(String before) {
        Matcher matcher = QUALIFIER.matcher(before);
        return matcher.find() ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
    }
}
