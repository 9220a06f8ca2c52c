package entrepot.knowledge.index;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of a document's text, verbatim.
 *
 * @param from in characters (code points) from the beginning of the text
 * @param to after its last character
 * @param line of the text in which it begins, from 1
 * @param page from 1; null where the document has no pages
 * @param heading the nearest heading above it; empty when there is none
 */
public record Passage(
        int ordinal,
        int from,
        int to,
        int line,
        @Nullable Integer page,
        String heading,
        String text) {

    /** What is embedded: the words, with what they need to be understood by. */
    public String inContext(String title) {
        var words = new StringBuilder();
        if (!title.isBlank()) {
            words.append(title).append(". ");
        }
        if (!heading.isBlank() && !heading.equals(title)) {
            words.append(heading).append(": ");
        }
        return words.append(text).toString();
    }
}
