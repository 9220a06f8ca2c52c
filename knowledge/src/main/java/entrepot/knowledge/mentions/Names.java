package entrepot.knowledge.mentions;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds names by their capitals: no list says who or what they are. */
final class Names {

    private static final String CAPITAL = "\\p{Lu}[\\p{L}\\p{N}&+.-]*(?:['’]s)?";
    private static final Pattern NAME =
            Pattern.compile(CAPITAL + "(?:\\s+(?:(?:of|de|van|von)\\s+)?" + CAPITAL + ")*");

    /** Words that are written with a capital for being first, or are in every calendar. */
    private static final Set<String> ORDINARY =
            Set.of(
                    "the",
                    "a",
                    "an",
                    "in",
                    "on",
                    "at",
                    "for",
                    "but",
                    "and",
                    "or",
                    "if",
                    "when",
                    "while",
                    "as",
                    "after",
                    "before",
                    "there",
                    "however",
                    "its",
                    "his",
                    "her",
                    "their",
                    "it",
                    "he",
                    "she",
                    "they",
                    "we",
                    "i",
                    "you",
                    "this",
                    "that",
                    "these",
                    "those",
                    "what",
                    "who",
                    "why",
                    "how",
                    "which",
                    "with",
                    "from",
                    "to",
                    "by",
                    "of",
                    "is",
                    "are",
                    "was",
                    "were",
                    "no",
                    "not",
                    "yes",
                    "all",
                    "some",
                    "any",
                    "each",
                    "january",
                    "february",
                    "march",
                    "april",
                    "may",
                    "june",
                    "july",
                    "august",
                    "september",
                    "october",
                    "november",
                    "december",
                    "monday",
                    "tuesday",
                    "wednesday",
                    "thursday",
                    "friday",
                    "saturday",
                    "sunday",
                    "our",
                    "your",
                    "my",
                    "under",
                    "over",
                    "since",
                    "until",
                    "then",
                    "also",
                    "new",
                    "one",
                    "two",
                    "must",
                    "shall",
                    "should",
                    "please",
                    "be",
                    "do",
                    "note",
                    "see",
                    "section",
                    "table",
                    "figure");

    private static final Pattern CALENDAR =
            Pattern.compile(
                    "\\s*\\b(?:January|February|March|April|May|June|July|August|September|October"
                        + "|November|December|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\\b.*");

    private Names() {}

    /**
     * Names in lower case, without possessive endings.
     *
     * @param known single words that are names elsewhere, so that one that opens this sentence is
     *     one here too
     */
    static Set<String> in(String sentence, Set<String> known) {
        var names = new LinkedHashSet<String>();
        Matcher matcher = NAME.matcher(sentence);
        while (matcher.find()) {
            String name = matcher.group();
            for (String word = firstWord(name);
                    ORDINARY.contains(word.toLowerCase(Locale.ROOT));
                    word = firstWord(name)) {
                name = name.substring(word.length()).strip();
                if (name.isEmpty()) {
                    break;
                }
            }
            String plain = plain(CALENDAR.matcher(name).replaceFirst(""));
            if (plain.isEmpty()) {
                continue;
            }
            boolean doubtful = opens(sentence, matcher.start()) && isPlainWord(name);
            if (!doubtful || known.contains(plain)) {
                names.add(plain);
            }
        }
        return names;
    }

    /** A single word with one capital that begins a sentence may be any word. */
    private static boolean isPlainWord(String name) {
        return name.indexOf(' ') < 0
                && !name.endsWith("s'")
                && !name.matches(".*['’]s")
                && name.substring(1).equals(name.substring(1).toLowerCase(Locale.ROOT));
    }

    private static boolean opens(String sentence, int at) {
        for (int i = at - 1; i >= 0; i--) {
            char c = sentence.charAt(i);
            if (Character.isLetterOrDigit(c)) {
                return false;
            }
        }
        return true;
    }

    private static String firstWord(String name) {
        int space = name.indexOf(' ');
        return space < 0 ? name : name.substring(0, space);
    }

    private static String plain(String name) {
        return name.replaceAll("['’]s\\b", "")
                .replaceAll("[.-]+$", "")
                .replaceAll("\\s+", " ")
                .toLowerCase(Locale.ROOT);
    }
}
