package entrepot.knowledge.index;

import java.util.Set;

/**
 * What is searched for.
 *
 * @param text in words
 * @param sources ids of the tenant's sources to search
 * @param labels of documents to search; empty for all
 * @param countMax passages to find, 1 to {@value #COUNT_MAX}
 */
public record Question(String text, Set<String> sources, Set<String> labels, int countMax) {

    public static final int COUNT_MAX = 50;
    public static final int TEXT_CHARS_MAX = 2_000;

    public Question {
        sources = Set.copyOf(sources);
        labels = Set.copyOf(labels);
        if (text.isBlank() || text.length() > TEXT_CHARS_MAX) {
            throw new IllegalArgumentException(
                    "query must have 1 to " + TEXT_CHARS_MAX + " characters");
        }
        if (countMax < 1 || countMax > COUNT_MAX) {
            throw new IllegalArgumentException("limit must be from 1 to " + COUNT_MAX);
        }
    }
}
