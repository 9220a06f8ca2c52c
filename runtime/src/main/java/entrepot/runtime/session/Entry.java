package entrepot.runtime.session;

import entrepot.runtime.facts.Fact;

/** Something in a session's stream: a fact, or a piece of text of the answer being made. */
public sealed interface Entry {

    Cursor cursor();

    long atMillis();

    /** A fact of the journal; its cursor's part is 0. */
    record Recorded(Cursor cursor, long atMillis, Fact fact) implements Entry {}

    /**
     * A piece of the answer in flight, stored before it is shown. The item's pieces joined are the
     * beginning of its final text; if the attempt fails, they are void.
     */
    record Piece(
            Cursor cursor,
            long atMillis,
            String turnId,
            int step,
            int attempt,
            String itemId,
            Kind kind,
            String text)
            implements Entry {}

    enum Kind {
        TEXT,
        REASONING,
        /** What a command writes while it runs. */
        COMMAND
    }
}
