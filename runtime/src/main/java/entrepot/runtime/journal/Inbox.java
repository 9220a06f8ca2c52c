package entrepot.runtime.journal;

import entrepot.store.Database;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Letters from outside, in the order in which they came. Delivery and the owner's parking compare
 * the same number, so no letter is slept through.
 */
public final class Inbox {

    /** As many as may lie unread. */
    public static final int UNREAD_MAX = 20_000;

    private final Database database;
    private final String now;

    public Inbox(Database database) {
        this.database = database;
        this.now = database.engine().nowMillis();
    }

    /**
     * A letter to deliver.
     *
     * @param dedupe what makes it the same letter as another; null for nothing
     */
    public record Outgoing(Letter letter, @Nullable String dedupe) {}

    /** Letters after a number, oldest first. */
    public List<Letter.Numbered> after(SessionKey key, long number) {
        return database.read(sql -> after(sql, key, number));
    }

    public List<Letter.Numbered> after(Sql sql, SessionKey key, long number) throws SQLException {
        return sql.query(
                "select number, payload from inbox"
                        + " where tenant = ? and session = ? and number > ?"
                        + " order by number limit ?",
                row -> new Letter.Numbered(row.number("number"), Letter.read(row.bytes("payload"))),
                key.tenant(),
                key.id(),
                number,
                UNREAD_MAX);
    }

    /** The letter of that mark that was delivered, taken in or not. */
    public Optional<Letter> find(Sql sql, SessionKey key, String dedupe) throws SQLException {
        return sql.one(
                "select payload from inbox where tenant = ? and session = ? and dedupe = ?",
                row -> Letter.read(row.bytes("payload")),
                key.tenant(),
                key.id(),
                dedupe);
    }

    /** The same in the inbox of any session below a root. */
    public Optional<Letter> findBelow(Sql sql, SessionKey root, String dedupe) throws SQLException {
        return sql.one(
                "select i.payload from session s join inbox i on i.tenant = s.tenant"
                        + " and i.session = s.id and i.dedupe = ?"
                        + " where s.tenant = ? and s.root = ?",
                row -> Letter.read(row.bytes("payload")),
                dedupe,
                root.tenant(),
                root.id());
    }

    /** The first letter of a session, which for a subagent is its task. */
    public Optional<Letter> first(Sql sql, SessionKey key) throws SQLException {
        return sql.one(
                "select payload from inbox where tenant = ? and session = ? and number = 1",
                row -> Letter.read(row.bytes("payload")),
                key.tenant(),
                key.id());
    }

    /**
     * Delivers letters and wakes the session, in the caller's transaction.
     *
     * @return whether there is such a session
     */
    public boolean deliver(Sql sql, SessionKey key, List<Outgoing> letters) throws SQLException {
        List<Long> heads =
                sql.query(
                        "update session set inbox_head = inbox_head + ?, updated_ms = "
                                + now
                                + ", wake_ms = case when owner is null then "
                                + now
                                + " else wake_ms end"
                                + " where tenant = ? and id = ? returning inbox_head",
                        row -> row.number("inbox_head"),
                        (long) letters.size(),
                        key.tenant(),
                        key.id());
        if (heads.isEmpty()) {
            return false;
        }
        insert(sql, key, heads.getFirst() - letters.size(), letters);
        return true;
    }

    void insert(Sql sql, SessionKey key, long head, List<Outgoing> letters) throws SQLException {
        long number = head;
        for (Outgoing letter : letters) {
            sql.update(
                    "insert into inbox (tenant, session, number, kind, dedupe, at_ms, payload)"
                            + " values (?, ?, ?, ?, ?, "
                            + now
                            + ", ?)",
                    key.tenant(),
                    key.id(),
                    ++number,
                    letter.letter().kind(),
                    letter.dedupe(),
                    letter.letter().written());
        }
    }
}
