package entrepot.knowledge.extract;

import java.util.ArrayList;
import java.util.List;

/** Tells the question from the document in one message. */
final class Pasted {

    private static final int QUESTION_CHARS_MAX = 400;

    private Pasted() {}

    /**
     * The short first or last paragraph, the one with a question mark or colon before the other.
     */
    static String question(String text) {
        List<String> paragraphs = new ArrayList<>();
        for (String paragraph : text.strip().split("\\R\\s*\\R")) {
            paragraphs.add(paragraph.strip());
        }
        if (paragraphs.size() < 2) {
            List<String> lines = text.strip().lines().toList();
            return lines.size() > 1
                    ? choose(lines.getFirst().strip(), lines.getLast().strip())
                    : "";
        }
        return choose(paragraphs.getFirst(), paragraphs.getLast());
    }

    private static String choose(String first, String last) {
        boolean firstAsks = asks(first);
        boolean lastAsks = asks(last);
        if (lastAsks && !(firstAsks && first.endsWith("?"))) {
            return last;
        }
        return firstAsks ? first : "";
    }

    private static boolean asks(String paragraph) {
        return paragraph.length() <= QUESTION_CHARS_MAX
                && (paragraph.endsWith("?")
                        || paragraph.matches(
                                "(?is)(?:please|summari[sz]e|what|which|who|when|how|list|find|tell"
                                        + "|give|brief|explain|extract).*"));
    }
}
