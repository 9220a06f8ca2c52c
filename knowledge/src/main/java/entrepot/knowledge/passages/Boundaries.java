package entrepot.knowledge.passages;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Where one sentence ends and the next begins. */
final class Boundaries {

    private static final Set<String> ABBREVIATIONS =
            Set.of(
                    "mr", "mrs", "ms", "dr", "prof", "st", "mt", "ft", "jr", "sr", "gen", "sen",
                    "rep", "gov", "lt", "col", "capt", "sgt", "cmdr", "rev", "hon", "pres", "inc",
                    "ltd", "corp", "co", "bros", "llc", "vs", "v", "no", "nos", "nr", "fig", "figs",
                    "sec", "sect", "art", "arts", "eq", "ref", "refs", "ch", "chap", "para", "pp",
                    "p", "vol", "vols", "ed", "eds", "al", "cf", "e.g", "i.e", "viz", "resp",
                    "approx", "ca", "est", "tel", "ext", "dept", "univ", "assn", "ave", "blvd",
                    "rd", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct",
                    "nov", "dec", "mon", "tue", "tues", "wed", "thu", "thurs", "fri", "bzw", "z.b",
                    "d.h", "abs", "str");

    /** Words that begin a sentence far more often than they follow "U.S." inside one. */
    private static final Set<String> OPENERS =
            Set.of(
                    "the", "a", "an", "it", "he", "she", "they", "we", "i", "you", "this", "that",
                    "these", "those", "in", "on", "at", "for", "but", "and", "if", "when", "while",
                    "as", "after", "before", "there", "however", "its", "his", "her", "their");

    private static final Pattern DOTTED = Pattern.compile("(?:\\p{L}\\.)+\\p{L}");
    private static final Pattern MONTH =
            Pattern.compile("jan|feb|mar|mär|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dez|dec");
    private static final String CLOSERS = "\"'”’»)]";
    private static final String FULL_WIDTH = "。！？";

    private Boundaries() {}

    /** The offset after the sentence that begins at {@code from}, its closing quotes included. */
    static int next(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (FULL_WIDTH.indexOf(c) >= 0) {
                return closed(text, i + 1, to);
            }
            if (c == '.' || c == '!' || c == '?' || c == '…') {
                int end = closed(text, i + 1, to);
                if (end >= to || ends(text, from, i, end, to)) {
                    return end;
                }
            }
        }
        return to;
    }

    private static int closed(String text, int from, int to) {
        int at = from;
        while (at < to
                && (CLOSERS.indexOf(text.charAt(at)) >= 0 || ".!?".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        // A reference such as [12] after the full stop belongs to the sentence before it.
        int bracket = at;
        while (bracket < to && text.charAt(bracket) == '[') {
            int close = text.indexOf(']', bracket);
            if (close < 0 || close > bracket + 4) {
                break;
            }
            bracket = close + 1;
            at = bracket;
        }
        return at;
    }

    private static boolean ends(String text, int from, int stop, int end, int to) {
        if (!Character.isWhitespace(text.charAt(end))) {
            return false;
        }
        int next = end;
        while (next < to && Character.isWhitespace(text.charAt(next))) {
            next++;
        }
        if (next >= to) {
            return true;
        }
        if (!begins(text.codePointAt(next))) {
            return false;
        }
        return text.charAt(stop) != '.' || end > stop + 1 || !abbreviates(text, from, stop, next);
    }

    private static boolean begins(int c) {
        return !Character.isLowerCase(c) && ",;:)]}…".indexOf(c) < 0;
    }

    private static boolean abbreviates(String text, int from, int stop, int next) {
        int start = stop;
        while (start > from && isWordPart(text.charAt(start - 1))) {
            start--;
        }
        String word = text.substring(start, stop);
        if (word.isEmpty()) {
            return false;
        }
        String lower = word.toLowerCase(Locale.ROOT);
        if (ABBREVIATIONS.contains(lower)) {
            return !lower.equals("no") || Character.isDigit(text.charAt(next));
        }
        boolean initial = word.length() == 1 && Character.isUpperCase(word.charAt(0));
        if (initial || DOTTED.matcher(word).matches()) {
            return !OPENERS.contains(word(text, next)) && !word.equals("I");
        }
        // "am 1. Mai" is one date in many languages.
        if (word.length() <= 2 && isNumber(word) && MONTH.matcher(word(text, next)).lookingAt()) {
            return true;
        }
        // "1." or "iv." at the start is a number of the item, not a sentence.
        return start == from && (isNumber(word) || word.length() == 1);
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '.';
    }

    private static boolean isNumber(String word) {
        return word.chars().allMatch(c -> Character.isDigit(c) || c == '.')
                || word.matches("[ivxlcIVXLC]{1,5}");
    }

    private static String word(String text, int from) {
        int end = from;
        while (end < text.length() && Character.isLetter(text.charAt(end))) {
            end++;
        }
        return text.substring(from, end).toLowerCase(Locale.ROOT);
    }
}
