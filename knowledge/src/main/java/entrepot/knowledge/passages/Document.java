package entrepot.knowledge.passages;

import java.util.Objects;

/**
 * A text with the name it is cited by.
 *
 * @param name such as {@code notes/monday.md}
 */
public record Document(String name, String text) {

    private static final double STRANGE_SHARE_MAX = 0.05;

    public Document {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(text, "text");
    }

    /** Whether it reads as text: few controls and few bytes that no encoding explains. */
    public boolean isText() {
        long strange =
                text.chars()
                        .filter(c -> c == 0xFFFD || (c < ' ' && " \t\n\r\f".indexOf(c) < 0))
                        .count();
        return strange <= STRANGE_SHARE_MAX * text.length();
    }

    /** Whether the words stand in the text as given, white space apart. */
    public boolean says(String quote) {
        return says(normalised(), quote);
    }

    /** The text with every run of white space as one space. */
    public String normalised() {
        return normalise(text);
    }

    /** As {@link #says(String)}, for a caller that keeps the normalised text. */
    public static boolean says(String normalised, String quote) {
        return !quote.isBlank() && normalised.contains(normalise(quote));
    }

    static String normalise(String text) {
        var plain = new StringBuilder(text.length());
        boolean space = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c) || c == '\u00a0') {
                if (!space) {
                    plain.append(' ');
                }
                space = true;
            } else {
                plain.append(c);
                space = false;
            }
        }
        if (!plain.isEmpty() && plain.charAt(plain.length() - 1) == ' ') {
            plain.setLength(plain.length() - 1);
        }
        return plain.toString();
    }
}
