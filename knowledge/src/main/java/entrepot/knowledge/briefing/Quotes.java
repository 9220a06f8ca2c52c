package entrepot.knowledge.briefing;

import entrepot.knowledge.passages.Sentence;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes quotes, each only after it was found word for word in its source. */
final class Quotes {

    private static final int QUOTE_CHARS_MAX = 420;

    private final Map<String, Source> sources = new HashMap<>();
    private final Set<String> checked = new HashSet<>();
    private int dropped;

    Quotes(List<Source> sources) {
        sources.forEach(source -> this.sources.put(source.name(), source));
    }

    /** The sentence in quotation marks with its place; empty when the source does not say it. */
    String quote(Sentence sentence) {
        String words = clip(sentence.text(), 0, QUOTE_CHARS_MAX);
        if (!holds(sentence, words)) {
            return "";
        }
        boolean whole = words.length() == sentence.text().length();
        String marks =
                sentence.marks().isEmpty() ? "" : " (" + String.join(", ", sentence.marks()) + ")";
        return "“" + words + "”" + (whole ? "" : " …") + " [" + sentence.place() + "]" + marks;
    }

    /** The words around a place in the sentence; empty when the source does not say them. */
    String excerpt(Sentence sentence, int from, int to, int charsMax) {
        String text = sentence.text();
        int start = Math.max(0, from - (charsMax - (to - from)) / 2);
        if (text.length() <= charsMax) {
            start = 0;
        } else {
            start = Math.min(start, text.length() - charsMax);
            while (start > 0 && start < from && text.charAt(start - 1) != ' ') {
                start++;
            }
        }
        String words = clip(text, start, charsMax);
        if (!holds(sentence, words)) {
            return "";
        }
        // What stands between the marks is word for word the source's; what is left out is not.
        return (start > 0 ? "… " : "")
                + "“"
                + words
                + "”"
                + (start + words.length() < text.length() ? " …" : "");
    }

    private static String clip(String text, int from, int charsMax) {
        if (text.length() - from <= charsMax) {
            return text.substring(from);
        }
        int end = text.lastIndexOf(' ', from + charsMax);
        return text.substring(from, end > from ? end : from + charsMax);
    }

    private boolean holds(Sentence sentence, String words) {
        Source source = sources.get(sentence.document());
        if (source == null || !source.says(words)) {
            dropped++;
            return false;
        }
        checked.add(sentence.document() + "\n" + words);
        return true;
    }

    /** Different quotes that were found word for word. */
    int checked() {
        return checked.size();
    }

    /** Quotes that were not printed because their source does not say them. */
    int dropped() {
        return dropped;
    }
}
