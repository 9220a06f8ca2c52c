package entrepot.runtime.journal;

import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.FactCodec;
import entrepot.store.Database;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The facts of sessions. An append names the epoch and the head that its writer knows; if the row
 * has moved on it writes nothing. This is the fence that makes every journal one linear history,
 * whatever leases and clocks do: {@code fact}'s primary key is a second one.
 */
public final class Journal {

    private final Database database;
    private final FactCodec codec;
    private final String now;
    private final Outbox outbox;

    public Journal(Database database, FactCodec codec) {
        this.database = database;
        this.codec = codec;
        Inbox inbox = new Inbox(database);
        this.outbox = new Outbox(database, inbox, new SessionTable(database, this, inbox));
        this.now = database.engine().nowMillis();
    }

    /** A fact at its place. */
    public record Recorded(long seq, long atMillis, Fact fact) {}

    public Step.Written append(Step step) {
        Optional<Long> inboxHead =
                database.engine() == Database.Engine.POSTGRES && step.posts().isEmpty()
                        ? database.once(sql -> appendAtOnce(sql, step))
                        : database.write(sql -> appendInTurn(sql, step));
        if (inboxHead.isPresent()) {
            return new Step.Written.Done(inboxHead.get());
        }
        boolean stillOurs = step.then() instanceof Step.Then.Park && stillOurs(step);
        return stillOurs ? new Step.Written.LetterCame() : new Step.Written.Fenced();
    }

    /** One round trip: the fence, the row and the facts in one statement. */
    private Optional<Long> appendAtOnce(Sql sql, Step step) throws SQLException {
        List<@Nullable Object> parameters = new ArrayList<>(24);
        String update = update(step, parameters);
        if (step.facts().isEmpty()) {
            return sql.one(update, row -> row.number("inbox_head"), parameters.toArray());
        }
        var rows = new StringBuilder();
        parameters.add(step.key().tenant());
        parameters.add(step.key().id());
        parameters.add(step.epoch());
        long seq = step.head();
        for (Fact fact : step.facts()) {
            FactCodec.Written written = codec.write(fact);
            rows.append(rows.isEmpty() ? "" : ", ").append("(?, ?, ?, ?)");
            parameters.add(++seq);
            parameters.add(written.type());
            parameters.add((long) written.version());
            parameters.add(written.payload());
        }
        return sql.one(
                "with u as ("
                        + update
                        + "), f as (insert into fact"
                        + " (tenant, session, seq, epoch, type, version, at_ms, payload)"
                        + " select ?, ?, v.seq, ?, v.type, v.version, "
                        + now
                        + ", v.payload from u cross join (values "
                        + rows
                        + ") as v (seq, type, version, payload)) select inbox_head from u",
                row -> row.number("inbox_head"),
                parameters.toArray());
    }

    private Optional<Long> appendInTurn(Sql sql, Step step) throws SQLException {
        List<@Nullable Object> parameters = new ArrayList<>();
        String update = update(step, parameters);
        if (!step.posts().isEmpty()) {
            outbox.lock(sql, step);
        }
        Optional<Long> inboxHead =
                sql.one(update, row -> row.number("inbox_head"), parameters.toArray());
        if (inboxHead.isPresent()) {
            insert(sql, step.key(), step.epoch(), step.head(), step.facts());
            outbox.send(sql, step.key().tenant(), step.posts());
        }
        return inboxHead;
    }

    private String update(Step step, List<@Nullable Object> parameters) {
        parameters.add((long) step.facts().size());
        parameters.add(step.inputSeen());
        parameters.add(step.summary());
        parameters.add(step.approvals());
        String lease =
                switch (step.then()) {
                    case Step.Then.Keep keep -> {
                        parameters.add(keep.dueMillis());
                        yield ", due_ms = " + now + " + ?";
                    }
                    case Step.Then.Park park -> {
                        if (park.wakeMillis() != null) {
                            parameters.add(park.wakeMillis());
                        }
                        yield ", owner = null, due_ms = null, wake_ms = "
                                + (park.wakeMillis() == null ? "null" : now + " + ?");
                    }
                    case Step.Then.Release release -> {
                        parameters.add(step.inputSeen());
                        parameters.add(release.delayMillis());
                        yield ", owner = null, due_ms = null, wake_ms = "
                                + now
                                + " + case when inbox_head > ? then 0 else ? end";
                    }
                };
        parameters.add(step.key().tenant());
        parameters.add(step.key().id());
        parameters.add(step.head());
        parameters.add(step.epoch());
        String unread = "";
        if (step.then() instanceof Step.Then.Park) {
            parameters.add(step.inputSeen());
            unread = " and inbox_head = ?";
        }
        return "update session set head = head + ?, inbox_seen = ?, summary = ?, approvals = ?,"
                + " attempts = 0,"
                + " updated_ms = "
                + now
                + lease
                + " where tenant = ? and id = ? and head = ? and epoch = ?"
                + unread
                + " returning inbox_head";
    }

    private boolean stillOurs(Step step) {
        return database.read(sql ->
                sql.one(
                                "select inbox_head from session where tenant = ? and id = ?"
                                        + " and head = ? and epoch = ?",
                                row -> row.number("inbox_head"),
                                step.key().tenant(),
                                step.key().id(),
                                step.head(),
                                step.epoch())
                        .isPresent());
    }

    /** Writes facts after a head. The caller has taken the fence in the same transaction. */
    public void insert(Sql sql, SessionKey key, long epoch, long head, List<Fact> facts)
            throws SQLException {
        long seq = head;
        for (Fact fact : facts) {
            FactCodec.Written written = codec.write(fact);
            sql.update(
                    "insert into fact"
                            + " (tenant, session, seq, epoch, type, version, at_ms, payload)"
                            + " values (?, ?, ?, ?, ?, ?, "
                            + now
                            + ", ?)",
                    key.tenant(),
                    key.id(),
                    ++seq,
                    epoch,
                    written.type(),
                    (long) written.version(),
                    written.payload());
        }
    }

    /**
     * Copies the first facts of a session to another of the tenant, with their times.
     *
     * @return how many there were
     */
    public int copy(Sql sql, SessionKey from, String toId, long seqMax) throws SQLException {
        return sql.update(
                "insert into fact (tenant, session, seq, epoch, type, version, at_ms, payload)"
                        + " select tenant, ?, seq, 0, type, version, at_ms, payload from fact"
                        + " where tenant = ? and session = ? and seq <= ?",
                toId,
                from.tenant(),
                from.id(),
                seqMax);
    }

    /** Writes facts that happened before, with their numbers and times. */
    public void insert(Sql sql, SessionKey key, List<Recorded> recorded) throws SQLException {
        for (Recorded each : recorded) {
            FactCodec.Written written = codec.write(each.fact());
            sql.update(
                    "insert into fact"
                            + " (tenant, session, seq, epoch, type, version, at_ms, payload)"
                            + " values (?, ?, ?, 0, ?, ?, ?, ?)",
                    key.tenant(),
                    key.id(),
                    each.seq(),
                    written.type(),
                    (long) written.version(),
                    each.atMillis(),
                    written.payload());
        }
    }

    /** Facts after a place, oldest first. */
    public List<Recorded> facts(SessionKey key, long afterSeq, int countMax) {
        return database.read(sql -> facts(sql, key, afterSeq, countMax));
    }

    public List<Recorded> facts(Sql sql, SessionKey key, long afterSeq, int countMax)
            throws SQLException {
        return sql.query(
                "select seq, type, version, at_ms, payload from fact"
                        + " where tenant = ? and session = ? and seq > ? order by seq limit ?",
                this::recorded,
                key.tenant(),
                key.id(),
                afterSeq,
                countMax);
    }

    Recorded recorded(Sql.Row row) throws SQLException {
        return new Recorded(
                row.number("seq"),
                row.number("at_ms"),
                codec.read(
                        new FactCodec.Written(
                                row.text("type"),
                                (int) row.number("version"),
                                row.bytes("payload"))));
    }

    /**
     * Gives a session up without writing a fact. Whatever this owner still has on its way to the
     * database is fenced.
     *
     * @return whether it was still the owner's
     */
    public boolean release(SessionKey key, long epoch, long delayMillis) {
        return database.once(sql ->
                sql.update(
                        "update session set owner = null, epoch = epoch + 1,"
                                + " due_ms = null, wake_ms = "
                                + now
                                + " + ? where tenant = ? and id = ? and epoch = ?"
                                + " and owner is not null",
                        delayMillis,
                        key.tenant(),
                        key.id(),
                        epoch))
                == 1;
    }
}
