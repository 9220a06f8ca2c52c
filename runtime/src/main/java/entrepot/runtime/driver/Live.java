package entrepot.runtime.driver;

import entrepot.runtime.journal.Pieces;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a tool lets its readers see while it works, until it is stored. For several threads. */
final class Live implements Consumer<String> {

    static final String COMMAND = "command";

    /** Nobody reads more of one command as it goes; the whole, cut, comes with its result. */
    private static final int CHARS_MAX = 256 << 10;

    private final Bell bell;
    private final StringBuilder waiting = new StringBuilder();
    private int chars;

    Live(Bell bell) {
        this.bell = bell;
    }

    @Override
    public void accept(String text) {
        boolean first;
        synchronized (this) {
            int room = Math.min(text.length(), CHARS_MAX - chars);
            first = waiting.isEmpty() && room > 0;
            waiting.append(text, 0, room);
            chars += room;
        }
        if (first) {
            bell.ring();
        }
    }

    synchronized boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** Takes out what has come; half a character stays until its other half is here. */
    synchronized List<Pieces.Piece> take(String turnId, int step, String itemId) {
        int end = waiting.length();
        if (end > 0 && Character.isHighSurrogate(waiting.charAt(end - 1))) {
            end--;
        }
        List<Pieces.Piece> pieces = new ArrayList<>();
        if (end > 0) {
            String text = waiting.substring(0, end);
            pieces.add(new Pieces.Piece(turnId, step, 1, itemId, COMMAND, text));
            waiting.delete(0, end);
        }
        return pieces;
    }
}
