package entrepot.runtime.journal;

import entrepot.runtime.facts.Fact;
import entrepot.store.Database;
import entrepot.store.Page;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of sessions, as callers make, list and delete them. */
public final class SessionTable {

    private static final String COLUMNS =
            "select s.id, s.root, s.head, s.inbox_head, s.inbox_seen, s.summary, s.created_ms,"
                    + " s.updated_ms, f.seq, f.type, f.version, f.at_ms, f.payload from session s"
                    + " join fact f on f.tenant = s.tenant and f.session = s.id and f.seq = 1";

    private final Database database;
    private final Journal journal;
    private final Inbox inbox;
    private final String now;

    public SessionTable(Database database, Journal journal, Inbox inbox) {
        this.database = database;
        this.journal = journal;
        this.inbox = inbox;
        this.now = database.engine().nowMillis();
    }

    /**
     * A session's row and its first fact.
     *
     * @param rootId the session at the top of its tree; null when it is that itself
     * @param summary what the owner last wrote of it
     */
    public record SessionRow(
            String id,
            @Nullable String rootId,
            long head,
            long inboxHead,
            long inboxSeen,
            String summary,
            long createdMillis,
            long updatedMillis,
            Fact first) {}

    /** Where a session stands for whoever wants to write to its inbox. */
    public record Admission(long inboxHead, long inboxSeen, String summary) {}

    /**
     * Makes a session with its first fact and first letters. It is due at once if there are any, or
     * if its environment has to be made ready.
     */
    public void insert(
            Sql sql,
            SessionKey key,
            Fact.SessionCreated created,
            String summary,
            List<Inbox.Outgoing> letters)
            throws SQLException {
        Fact.Parent parent = created.parent();
        boolean due = !letters.isEmpty() || created.settings().environmentId() != null;
        sql.update(
                "insert into session (tenant, id, agent_id, team, head, epoch, inbox_head,"
                        + " inbox_seen, wake_ms, attempts, summary, created_ms, updated_ms, parent,"
                        + " root) values (?, ?, ?, ?, 1, 0, ?, 0, case when ? > 0 then "
                        + now
                        + " else null end, 0, ?, "
                        + now
                        + ", "
                        + now
                        + ", ?, ?)",
                key.tenant(),
                key.id(),
                created.agent().id(),
                created.team(),
                (long) letters.size(),
                due ? 1L : 0L,
                summary,
                parent == null ? null : parent.sessionId(),
                parent == null ? null : parent.rootId());
        journal.insert(sql, key, 0, 0, List.of(created));
        addLabels(sql, key, created.metadata());
        inbox.insert(sql, key, 0, letters);
    }

    /**
     * A session whose journal begins with another's.
     *
     * @param team whose members see it
     * @param head number of its last fact
     * @param inputSeen number of the last letter that is in those facts
     * @param summary what they add up to
     */
    public record Continued(
            String agentId,
            String team,
            long head,
            long inputSeen,
            String summary,
            Map<String, String> labels) {}

    /**
     * Makes a session's row, due at once if there are letters. Its facts are the caller's to write,
     * in the same transaction.
     */
    public void insert(Sql sql, SessionKey key, Continued continued, List<Inbox.Outgoing> letters)
            throws SQLException {
        sql.update(
                "insert into session (tenant, id, agent_id, team, head, epoch, inbox_head,"
                    + " inbox_seen, wake_ms, attempts, summary, created_ms, updated_ms) values (?,"
                    + " ?, ?, ?, ?, 0, ?, ?, case when ? > 0 then "
                        + now
                        + " else null end, 0, ?, "
                        + now
                        + ", "
                        + now
                        + ")",
                key.tenant(),
                key.id(),
                continued.agentId(),
                continued.team(),
                continued.head(),
                continued.inputSeen() + letters.size(),
                continued.inputSeen(),
                (long) letters.size(),
                continued.summary());
        addLabels(sql, key, continued.labels());
        inbox.insert(sql, key, continued.inputSeen(), letters);
    }

    /** Gives a session other labels than it had. */
    public void label(Sql sql, SessionKey key, Map<String, String> labels) throws SQLException {
        sql.update(
                "delete from session_label where tenant = ? and session = ?",
                key.tenant(),
                key.id());
        addLabels(sql, key, labels);
    }

    private static void addLabels(Sql sql, SessionKey key, Map<String, String> labels)
            throws SQLException {
        for (Map.Entry<String, String> pair : labels.entrySet()) {
            sql.update(
                    "insert into session_label (tenant, session, name, value)"
                            + " values (?, ?, ?, ?)",
                    key.tenant(),
                    key.id(),
                    pair.getKey(),
                    pair.getValue());
        }
    }

    public Optional<SessionRow> find(Sql sql, SessionKey key) throws SQLException {
        return sql.one(
                COLUMNS + " where s.tenant = ? and s.id = ?", this::row, key.tenant(), key.id());
    }

    /** Locks the row until the transaction ends. */
    public Optional<Admission> admission(Sql sql, SessionKey key) throws SQLException {
        String locked = database.engine() == Database.Engine.POSTGRES ? " for update" : "";
        return sql.one(
                "select inbox_head, inbox_seen, summary from session where tenant = ? and id = ?"
                        + locked,
                row ->
                        new Admission(
                                row.number("inbox_head"),
                                row.number("inbox_seen"),
                                row.text("summary")),
                key.tenant(),
                key.id());
    }

    /** Whether an id is, or was, a session's. */
    public boolean isPlace(Sql sql, SessionKey key) throws SQLException {
        return sql.one(
                        "select id from session where tenant = ? and id = ? union"
                                + " select id from session_deleted where tenant = ? and id = ?",
                        row -> row.text("id"),
                        key.tenant(),
                        key.id(),
                        key.tenant(),
                        key.id())
                .isPresent();
    }

    /**
     * Which sessions.
     *
     * @param team null for every team
     * @param agentId null for every agent
     * @param labels all of which must be there
     * @param awaitingApproval only those with calls that wait for approval
     */
    public record Wanted(
            String tenant,
            @Nullable String team,
            @Nullable String agentId,
            Map<String, String> labels,
            boolean awaitingApproval) {}

    /** A page by id, and so by time of making. One row more than wanted tells of more. */
    public List<SessionRow> list(Sql sql, Wanted wanted, Page.Query query) throws SQLException {
        List<Object> parameters = new ArrayList<>(List.of(wanted.tenant()));
        var where = new StringBuilder(" where s.tenant = ? and s.root is null");
        if (wanted.team() != null) {
            where.append(" and s.team = ?");
            parameters.add(wanted.team());
        }
        if (wanted.agentId() != null) {
            where.append(" and s.agent_id = ?");
            parameters.add(wanted.agentId());
        }
        if (wanted.awaitingApproval()) {
            where.append(
                    " and (s.approvals > 0 or exists (select 1 from session c"
                            + " where c.tenant = s.tenant and c.root = s.id"
                            + " and c.approvals > 0))");
        }
        for (Map.Entry<String, String> label : wanted.labels().entrySet()) {
            where.append(
                    " and exists (select 1 from session_label l where l.tenant = s.tenant"
                            + " and l.session = s.id and l.name = ? and l.value = ?)");
            parameters.add(label.getKey());
            parameters.add(label.getValue());
        }
        String after = query.after();
        if (after != null) {
            where.append(query.ascending() ? " and s.id > ?" : " and s.id < ?");
            parameters.add(after);
        }
        parameters.add(query.countMax() + 1);
        return sql.query(
                COLUMNS
                        + where
                        + " order by s.id "
                        + (query.ascending() ? "asc" : "desc")
                        + " limit ?",
                this::row,
                parameters.toArray());
    }

    private SessionRow row(Sql.Row row) throws SQLException {
        return new SessionRow(
                row.text("id"),
                row.textIf("root").orElse(null),
                row.number("head"),
                row.number("inbox_head"),
                row.number("inbox_seen"),
                row.text("summary"),
                row.number("created_ms"),
                row.number("updated_ms"),
                journal.recorded(row).fact());
    }

    /** Where a subagent's session stands. */
    public record SubagentRow(SessionRow row, @Nullable Long closedMillis) {}

    private static final String SUBAGENTS =
            COLUMNS.replace("s.root,", "s.root, s.closed_ms,")
                    + " where s.tenant = ? and s.root = ?";

    /** A page of a root session's subagents, by id. One row more than wanted tells of more. */
    public List<SubagentRow> subagents(Sql sql, SessionKey root, Page.Query query)
            throws SQLException {
        String after = query.after();
        List<Object> parameters = new ArrayList<>(List.of(root.tenant(), root.id()));
        if (after != null) {
            parameters.add(after);
        }
        parameters.add(query.countMax() + 1);
        return sql.query(
                SUBAGENTS
                        + (after == null
                                ? ""
                                : query.ascending() ? " and s.id > ?" : " and s.id < ?")
                        + " order by s.id "
                        + (query.ascending() ? "asc" : "desc")
                        + " limit ?",
                this::subagent,
                parameters.toArray());
    }

    /** One of a root session's subagents. */
    public Optional<SubagentRow> subagent(Sql sql, SessionKey root, String id) throws SQLException {
        return sql.one(SUBAGENTS + " and s.id = ?", this::subagent, root.tenant(), root.id(), id);
    }

    private SubagentRow subagent(Sql.Row row) throws SQLException {
        return new SubagentRow(row(row), row.numberIf("closed_ms").orElse(null));
    }

    /** The sessions below a root, in the order in which rows are locked. */
    public List<SessionKey> below(Sql sql, SessionKey root) throws SQLException {
        return sql.query(
                "select id from session where tenant = ? and root = ? order by id",
                row -> new SessionKey(root.tenant(), row.text("id")),
                root.tenant(),
                root.id());
    }

    /** Deletes a session with all that is under its key. Its owner, if any, is fenced. */
    public void delete(Sql sql, SessionKey key) throws SQLException {
        for (String table : List.of("piece", "inbox", "fact", "session_label")) {
            sql.update(
                    "delete from " + table + " where tenant = ? and session = ?",
                    key.tenant(),
                    key.id());
        }
        sql.update("delete from session where tenant = ? and id = ?", key.tenant(), key.id());
        sql.update(
                "insert into session_deleted (tenant, id, deleted_ms) values (?, ?, " + now + ")",
                key.tenant(),
                key.id());
    }
}
