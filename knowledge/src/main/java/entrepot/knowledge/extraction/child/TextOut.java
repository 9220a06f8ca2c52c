package entrepot.knowledge.extraction.child;

import java.util.ArrayList;
import java.util.List;

/** Text being put together, up to a limit: what is beyond it is left off, and told. */
final class TextOut {

    private final StringBuilder text = new StringBuilder();
    private final List<Integer> pages = new ArrayList<>();
    private final int charsMax;
    private boolean cut;

    TextOut(int charsMax) {
        this.charsMax = charsMax;
    }

    TextOut add(String more) {
        int room = charsMax - text.length();
        if (more.length() <= room) {
            text.append(more);
        } else {
            text.append(more, 0, Math.max(0, room));
            cut = true;
        }
        return this;
    }

    /** A line of its own, unless it is blank. */
    void line(String words) {
        if (!words.isBlank()) {
            newline();
            add(words.strip()).add("\n");
        }
    }

    /** A block with an empty line above it, unless it is blank. */
    void block(String words) {
        if (!words.isBlank()) {
            newline();
            if (!text.isEmpty()) {
                add("\n");
            }
            add(words.strip()).add("\n");
        }
    }

    private void newline() {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
            add("\n");
        }
    }

    void page() {
        pages.add(text.length());
    }

    boolean isFull() {
        return cut;
    }

    Parsed done(String title) {
        return new Parsed(title.strip(), text.toString(), pages, cut);
    }
}
