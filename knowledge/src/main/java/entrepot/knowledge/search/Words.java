package entrepot.knowledge.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a text that carry meaning, cut to their stems. */
public final class Words {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}'’]*");
    private static final Set<String> EMPTY =
            Set.of(
                    "a", "an", "the", "and", "or", "but", "if", "of", "in", "on", "at", "to", "for",
                    "from", "by", "with", "without", "as", "is", "are", "was", "were", "be", "been",
                    "being", "do", "does", "did", "done", "has", "have", "had", "having", "can",
                    "could", "will", "would", "may", "might", "shall", "should", "must", "it",
                    "its", "this", "that", "these", "those", "there", "here", "i", "me", "my", "we",
                    "us", "our", "you", "your", "he", "him", "his", "she", "her", "they", "them",
                    "their", "who", "whom", "whose", "which", "what", "when", "where", "why", "how",
                    "not", "no", "nor", "so", "than", "then", "too", "very", "just", "about",
                    "into", "over", "under", "between", "any", "all", "some", "such", "also", "am",
                    "please", "tell", "give", "get", "say", "says", "said", "much", "many", "more",
                    "most", "other", "only", "own", "same", "s", "t", "don", "don't", "it's",
                    "what's", "there's");

    private Words() {}

    /** Stems in order of appearance, without words that every text has. */
    public static List<String> of(String text) {
        var words = new ArrayList<String>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            String word = matcher.group().toLowerCase(Locale.ROOT).replace('’', '\'');
            if (!EMPTY.contains(word)) {
                words.add(stem(word.endsWith("'s") ? word.substring(0, word.length() - 2) : word));
            }
        }
        return words;
    }

    /** Takes off the commonest endings of English; wrong stems meet in the same wrong form. */
    public static String stem(String word) {
        String stem = word;
        for (String ending :
                List.of("ations", "ation", "ings", "ing", "ies", "ied", "es", "ed", "s")) {
            int left = stem.length() - ending.length();
            if (left >= 3 && stem.endsWith(ending) && !stem.endsWith("ss")) {
                stem =
                        stem.substring(0, left)
                                + (ending.startsWith("i")
                                                && ending.length() == 3
                                                && !ending.equals("ing")
                                        ? "y"
                                        : "");
                break;
            }
        }
        int last = stem.length() - 1;
        if (last > 2 && stem.charAt(last) == 'e') {
            return stem.substring(0, last);
        }
        if (last > 2
                && stem.charAt(last) == stem.charAt(last - 1)
                && "lsz".indexOf(stem.charAt(last)) < 0) {
            return stem.substring(0, last);
        }
        return stem;
    }
}
