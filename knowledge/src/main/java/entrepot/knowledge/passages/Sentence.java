package entrepot.knowledge.passages;

import java.util.List;

/**
 * A sentence, list item or table row of a document.
 *
 * @param document the name of the document
 * @param line where it begins, from 1
 * @param from offset of its first character in the document's text
 * @param to offset after its last
 * @param text its words, with line breaks as spaces
 * @param heading the nearest heading above it; empty when there is none
 * @param marks sources named in parentheses after it, such as {@code cnbc.com}
 */
public record Sentence(
        String document,
        int line,
        int from,
        int to,
        String text,
        String heading,
        List<String> marks,
        Kind kind) {

    private static final int LETTERS_ONE_IN = 3;

    public Sentence {
        marks = List.copyOf(marks);
    }

    /** Whether it is language, not data, furniture or a title. */
    public boolean isProse() {
        long letters = text.codePoints().filter(Character::isLetter).count();
        boolean words = letters > 2 && LETTERS_ONE_IN * letters >= text.length();
        return words && kind != Kind.TITLE && kind != Kind.NOTICE;
    }

    /** Such as {@code notes.md:12}. */
    public String place() {
        return document + ":" + line;
    }

    /** The text with the heading it needs to be understood by. */
    public String inContext() {
        return heading.isEmpty() || kind == Kind.TITLE ? text : heading + ": " + text;
    }

    Sentence under(String other) {
        return new Sentence(document, line, from, to, text, other, marks, kind);
    }

    Sentence asTitle() {
        return new Sentence(document, line, from, to, text, heading, marks, Kind.TITLE);
    }

    /** What it is by its form. */
    public enum Kind {
        PROSE,
        ITEM,
        ROW,
        CODE,
        TITLE,
        /** Advertising and page furniture, such as {@code Download on the App Store}. */
        NOTICE
    }
}
