package entrepot.knowledge.mentions;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Everything comparable that one sentence mentions.
 *
 * @param names in lower case, without possessive endings
 */
public record Mentions(List<DateMention> dates, List<FigureMention> figures, Set<String> names) {

    private static final Pattern WORD = Pattern.compile("[\\p{L}][\\p{L}'’-]*|[,;:—]");

    /** An event's verb stands this near to its date or amount. */
    private static final int WORDS_BETWEEN_MAX = 8;

    public Mentions {
        dates = List.copyOf(dates);
        figures = List.copyOf(figures);
        names = Set.copyOf(names);
    }

    public static Mentions of(String sentence) {
        return of(sentence, Set.of());
    }

    /**
     * @param known names found in other sentences, which tell whether a first word is one
     */
    public static Mentions of(String sentence, Set<String> known) {
        List<DateMention> dates = Dates.in(sentence);
        return new Mentions(dates, Figures.in(sentence, dates), Names.in(sentence, known));
    }

    /**
     * The plain form of the verb that a date or amount at this place goes with, speech left out:
     * the nearest before it in its clause, else the nearest after it. Empty when there is none.
     */
    public static String verb(String sentence, int from, int to) {
        String before = "";
        int distance = 0;
        Matcher words = WORD.matcher(sentence).region(0, from);
        while (words.find()) {
            distance++;
            if (Character.isLetter(words.group().charAt(0))) {
                String verb = Verbs.event(words.group());
                if (verb != null) {
                    before = verb;
                    distance = 0;
                }
            } else {
                before = "";
            }
        }
        if (!before.isEmpty() && distance <= WORDS_BETWEEN_MAX) {
            return before;
        }
        Matcher after = WORD.matcher(sentence).region(to, sentence.length());
        for (int i = 0; i < WORDS_BETWEEN_MAX && after.find(); i++) {
            String verb = Verbs.event(after.group());
            if (verb != null) {
                return verb;
            }
        }
        return "";
    }
}
