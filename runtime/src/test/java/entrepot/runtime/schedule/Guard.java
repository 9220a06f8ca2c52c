package entrepot.runtime.schedule;

import entrepot.store.Database;

/** The guards of the engine that stand in its statements, and what is left when one is gone. */
enum Guard {
    /** An owner that was replaced writes nothing. */
    EPOCH(" and epoch = ?", " and (epoch = ? or 1 = 1)"),
    /** An owner that has not seen the newest fact writes nothing. */
    HEAD(" and head = ?", " and (head = ? or 1 = 1)"),
    /** A session is not parked over an unread letter. */
    INBOX_HEAD(" and inbox_head = ?", " and (inbox_head = ? or 1 = 1)"),
    /** What nodes hold that are gone is freed. */
    ANTI_JOIN(" and not exists (select 1 from node where node.id = session.owner)", " and 1 = 0"),
    /** Whoever takes a session up knows which tools were begun. */
    INTENT("tool.started", "tool.started.unread");

    private final String there;
    private final String gone;

    Guard(String there, String gone) {
        this.there = there;
        this.gone = gone;
    }

    /** A statement without this guard. */
    String removedFrom(String statement) {
        return this == INTENT ? statement : statement.replace(there, gone);
    }

    /** A fact's type as an engine reads it that keeps no intents. */
    String read(String type) {
        return this == INTENT && type.equals(there) ? gone : type;
    }

    /** The same database, for an engine that was built without this guard. */
    Database off(Database database) {
        return new UnguardedDatabase(database, this);
    }
}
