package entrepot.runtime.session;

import entrepot.runtime.journal.Journal;
import entrepot.runtime.journal.Pieces;
import entrepot.runtime.journal.SessionKey;
import entrepot.store.Sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads facts and pieces as one stream. */
final class Recordings {

    private final Journal journal;
    private final Pieces pieces;

    Recordings(Journal journal, Pieces pieces) {
        this.journal = journal;
        this.pieces = pieces;
    }

    /**
     * Entries after a place, oldest first. Facts are read first and pieces only up to the last of
     * them, so that nothing is ever shown whose predecessor is not.
     */
    List<Entry> after(Sql sql, SessionKey key, Cursor after, int countMax) throws SQLException {
        List<Journal.Recorded> facts = journal.facts(sql, key, after.seq(), countMax);
        long seqMax = facts.isEmpty() ? after.seq() : facts.getLast().seq();
        List<Pieces.Kept> texts =
                pieces.after(sql, key, after.seq(), after.part(), seqMax, countMax);
        // Where one of the two was cut off, the other may not run ahead of it.
        long textsUpTo = texts.size() < countMax ? Long.MAX_VALUE : texts.getLast().seq();
        List<Entry> merged = new ArrayList<>(facts.size() + texts.size());
        int text = 0;
        for (Journal.Recorded fact : facts) {
            while (text < texts.size() && texts.get(text).seq() < fact.seq()) {
                merged.add(piece(texts.get(text++)));
            }
            if (fact.seq() > textsUpTo) {
                return cut(merged, countMax);
            }
            merged.add(new Entry.Recorded(new Cursor(fact.seq(), 0), fact.atMillis(), fact.fact()));
        }
        while (text < texts.size()) {
            merged.add(piece(texts.get(text++)));
        }
        return cut(merged, countMax);
    }

    private static List<Entry> cut(List<Entry> entries, int countMax) {
        return entries.size() > countMax ? entries.subList(0, countMax) : entries;
    }

    private static Entry piece(Pieces.Kept kept) {
        Pieces.Piece piece = kept.piece();
        return new Entry.Piece(
                new Cursor(kept.seq(), kept.part()),
                kept.atMillis(),
                piece.turnId(),
                piece.step(),
                piece.attempt(),
                piece.itemId(),
                Entry.Kind.valueOf(piece.kind().toUpperCase(Locale.ROOT)),
                piece.text());
    }
}
