package entrepot.runtime.journal;

import entrepot.store.Database;
import entrepot.store.Sql;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;

/**
 * Pieces of the answer in flight. They are stored before anybody sees them, and only by the owner:
 * the fence is the same as for facts.
 */
public final class Pieces {

    private final Database database;
    private final String insert;

    public Pieces(Database database) {
        this.database = database;
        // The row lock keeps a taker-over waiting, so that no piece appears behind its first fact.
        String locked = database.engine() == Database.Engine.POSTGRES ? " for share" : "";
        this.insert =
                "insert into piece (tenant, session, seq, part, turn, step, attempt, item, kind,"
                        + " at_ms, body) select ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                        + database.engine().nowMillis()
                        + ", ? from session where tenant = ? and id = ? and epoch = ? and head = ?"
                        + locked;
    }

    /** A piece of text of one item. */
    public record Piece(
            String turnId, int step, int attempt, String itemId, String kind, String text) {}

    /**
     * A piece at its place.
     *
     * @param seq the fact it follows
     * @param part its number since, from 1
     */
    public record Kept(long seq, long part, long atMillis, Piece piece) {}

    /**
     * Stores a piece.
     *
     * @return false when the writer is fenced
     */
    public boolean add(SessionKey key, long epoch, long seq, long part, Piece piece) {
        int rows =
                database.once(sql ->
                        sql.update(
                                insert,
                                key.tenant(),
                                key.id(),
                                seq,
                                part,
                                piece.turnId(),
                                (long) piece.step(),
                                (long) piece.attempt(),
                                piece.itemId(),
                                piece.kind(),
                                piece.text().getBytes(StandardCharsets.UTF_8),
                                key.tenant(),
                                key.id(),
                                epoch,
                                seq));
        return rows == 1;
    }

    /** Pieces after a place and not beyond a fact's own, oldest first. */
    public List<Kept> after(Sql sql, SessionKey key, long seq, long part, long seqMax, int countMax)
            throws SQLException {
        return sql.query(
                "select seq, part, turn, step, attempt, item, kind, at_ms, body from piece"
                        + " where tenant = ? and session = ? and (seq, part) > (?, ?)"
                        + " and seq <= ? order by seq, part limit ?",
                Pieces::kept,
                key.tenant(),
                key.id(),
                seq,
                part,
                seqMax,
                countMax);
    }

    /** Number of the last piece after a fact; 0 when there is none. */
    public long last(Sql sql, SessionKey key, long seq) throws SQLException {
        return sql.one(
                        "select max(part) as part from piece"
                                + " where tenant = ? and session = ? and seq = ?",
                        row -> row.numberIf("part"),
                        key.tenant(),
                        key.id(),
                        seq)
                .flatMap(part -> part)
                .orElse(0L);
    }

    private static Kept kept(Sql.Row row) throws SQLException {
        return new Kept(
                row.number("seq"),
                row.number("part"),
                row.number("at_ms"),
                new Piece(
                        row.text("turn"),
                        (int) row.number("step"),
                        (int) row.number("attempt"),
                        row.text("item"),
                        row.text("kind"),
                        new String(row.bytes("body"), StandardCharsets.UTF_8)));
    }
}
