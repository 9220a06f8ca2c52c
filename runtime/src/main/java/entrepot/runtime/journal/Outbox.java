package entrepot.runtime.journal;

import entrepot.store.Database;
import entrepot.store.Sql;

import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;

/** Carries out what a session's facts do to others, in the transaction that writes the facts. */
final class Outbox {

    private final Inbox inbox;
    private final SessionTable sessions;
    private final boolean rowsLock;
    private final String now;

    Outbox(Database database, Inbox inbox, SessionTable sessions) {
        this.inbox = inbox;
        this.sessions = sessions;
        this.rowsLock = database.engine() == Database.Engine.POSTGRES;
        this.now = database.engine().nowMillis();
    }

    /** Locks all rows that are going to change, in one order for everybody. */
    void lock(Sql sql, Step step) throws SQLException {
        if (!rowsLock) {
            return;
        }
        var ids = new TreeSet<String>();
        ids.add(step.key().id());
        step.posts().forEach(post -> ids.add(post.sessionId()));
        for (String id : ids) {
            sql.one(
                    "select id from session where tenant = ? and id = ? for update",
                    row -> row.text("id"),
                    step.key().tenant(),
                    id);
        }
    }

    void send(Sql sql, String tenant, List<Post> posts) throws SQLException {
        for (Post post : posts) {
            SessionKey to = new SessionKey(tenant, post.sessionId());
            switch (post) {
                case Post.Make make ->
                        sessions.insert(
                                sql,
                                to,
                                make.created(),
                                make.summary(),
                                List.of(new Inbox.Outgoing(make.first(), null)));
                case Post.Send send -> deliver(sql, to, send);
                case Post.Reopen reopen ->
                        sql.update(
                                "update session set closed_ms = null where tenant = ? and id = ?",
                                tenant,
                                reopen.sessionId());
            }
        }
    }

    private void deliver(Sql sql, SessionKey to, Post.Send send) throws SQLException {
        if (inbox.find(sql, to, send.dedupe()).isPresent()) {
            return;
        }
        inbox.deliver(sql, to, List.of(new Inbox.Outgoing(send.letter(), send.dedupe())));
        if (send.door() == Post.Door.CLOSE) {
            sql.update(
                    "update session set closed_ms = "
                            + now
                            + " where tenant = ? and id = ? and closed_ms is null",
                    to.tenant(),
                    to.id());
        }
    }
}
