package entrepot.runtime.schedule;

import entrepot.runtime.driver.Claim;
import entrepot.runtime.journal.SessionKey;
import entrepot.store.Database;
import entrepot.store.Sql;

import java.sql.SQLException;
import java.util.List;

/**
 * The statements of ownership. Only the database's own clock is asked, and only for liveness.
 *
 * <ul>
 *   <li>A claim counts only for a live member, and holds the member's row while it is granted, so
 *       that nobody is reaped in the middle of it.
 *   <li>A late beat is valid as long as the row is there: a database that was away must not stop
 *       every node.
 *   <li>The reaper frees what dead nodes held, and by its anti-join whatever is held under a node
 *       that is not there at all.
 * </ul>
 */
final class Leases {

    private final Database database;
    private final String now;
    private final String claim;

    Leases(Database database) {
        this.database = database;
        this.now = database.engine().nowMillis();
        boolean postgres = database.engine() == Database.Engine.POSTGRES;
        this.claim =
                "with due as materialized (select tenant, id from session"
                        + " where owner is null and wake_ms is not null and wake_ms <= "
                        + now
                        + " order by wake_ms limit ?"
                        + database.engine().skipLocked()
                        + ") update session set owner = ?, epoch = epoch + 1,"
                        + " attempts = attempts + 1, due_ms = "
                        + now
                        + " + ? where (tenant, id) in (select tenant, id from due)"
                        + " and owner is null"
                        + " and exists (select 1 from node where node.id = ? and expires_ms > "
                        + now
                        + (postgres ? " for key share" : "")
                        + ") returning tenant, id, epoch, head, attempts";
    }

    void join(String node, long ttlMillis) {
        database.once(sql ->
                sql.update(
                        "insert into node (id, expires_ms, joined_ms) values (?, "
                                + now
                                + " + ?, "
                                + now
                                + ")",
                        node,
                        ttlMillis));
    }

    /**
     * @return false when this node has been reaped: it must join again under another name
     */
    boolean beat(String node, long ttlMillis) {
        return database.once(sql ->
                sql.update(
                        "update node set expires_ms = " + now + " + ? where id = ?",
                        ttlMillis,
                        node))
                == 1;
    }

    /** Leaves in good order: nothing is held any more. */
    void leave(String node) {
        database.once(sql -> sql.update("delete from node where id = ?", node));
    }

    /** Takes due sessions, the longest due first. */
    List<Claim> claim(String node, int countMax, long dueMillis) {
        return database.once(
                sql -> sql.query(claim, Leases::claimed, countMax, node, dueMillis, node));
    }

    private static Claim claimed(Sql.Row row) throws SQLException {
        return new Claim(
                new SessionKey(row.text("tenant"), row.text("id")),
                row.number("epoch"),
                row.number("head"),
                row.number("attempts"));
    }

    /** Frees what nodes hold that are dead or not there. Returns how many sessions. */
    int reap() {
        return database.write(sql -> {
            sql.update("delete from node where expires_ms < " + now);
            return sql.update(
                    freed("")
                            + " and not exists"
                            + " (select 1 from node where node.id = session.owner)");
        });
    }

    /** Frees what was not written in the time its owner promised, whoever owns it. */
    int watch() {
        return database.once(sql -> sql.update(freed(" and due_ms < " + now)));
    }

    /** Wakes whatever has unread letters and neither owner nor date. There should be none. */
    int sweep() {
        return database.once(sql ->
                sql.update(
                        "update session set wake_ms = "
                                + now
                                + " where owner is null and wake_ms is null"
                                + " and inbox_head > inbox_seen"));
    }

    /** Frees everything: for the one process that owns a file, at its start. */
    int startAlone() {
        return database.write(sql -> {
            sql.update("delete from node");
            return sql.update(freed(""));
        });
    }

    /** Freed work keeps the date it was due, and so its place in the queue. */
    private String freed(String condition) {
        return "update session set owner = null, epoch = epoch + 1, due_ms = null,"
                + " wake_ms = coalesce(wake_ms, "
                + now
                + ") where owner is not null"
                + condition;
    }

    /** What a node holds. */
    List<Claim> held(String node) {
        return database.read(sql ->
                sql.query(
                        "select tenant, id, epoch, head, attempts from session where owner"
                                + " = ?",
                        Leases::claimed,
                        node));
    }

    /**
     * Gives up what was claimed, if it is still held under that claim.
     *
     * @return whether it was
     */
    boolean free(Claim claim) {
        return database.once(sql ->
                sql.update(
                        freed(" and tenant = ? and id = ? and epoch = ?"),
                        claim.key().tenant(),
                        claim.key().id(),
                        claim.epoch()))
                == 1;
    }

    /** Sessions of a node that have letters their owner may not know of. */
    List<SessionKey> unread(String node) {
        return database.read(sql ->
                sql.query(
                        "select tenant, id from session"
                                + " where owner = ? and inbox_head > inbox_seen",
                        row -> new SessionKey(row.text("tenant"), row.text("id")),
                        node));
    }
}
