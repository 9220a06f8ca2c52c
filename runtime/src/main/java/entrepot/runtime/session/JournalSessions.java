package entrepot.runtime.session;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Part;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.runtime.agents.AgentCheck;
import entrepot.runtime.agents.IdempotencyKeys;
import entrepot.runtime.facts.Configuration;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.journal.Hints;
import entrepot.runtime.journal.Inbox;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.journal.Letter;
import entrepot.runtime.journal.Pieces;
import entrepot.runtime.journal.SessionKey;
import entrepot.runtime.journal.SessionTable;
import entrepot.runtime.spend.SpendControl;
import entrepot.runtime.turn.Summary;
import entrepot.store.Database;
import entrepot.store.Page;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Sessions over their journal. Holds nothing in memory: any node answers for any session. */
public final class JournalSessions implements Sessions {

    private static final int READ_MAX = 500;

    /** How often a change is tried while others change the same session. */
    private static final int CHANGES_MAX = 10;

    /** Between looks of a reader to whom no hint comes. */
    private static final long LOOK_MILLIS = 1_000;

    private final Database database;
    private final SessionTable table;
    private final Inbox inbox;
    private final Pieces pieces;
    private final SubagentReader subagents;
    private final SpendControl spending;
    private final Recordings recordings;
    private final Hints hints;
    private final IdempotencyKeys keys;
    private final Ids ids;
    private final AgentCheck check;

    public JournalSessions(
            Database database,
            Journal journal,
            Inbox inbox,
            Pieces pieces,
            Hints hints,
            IdempotencyKeys keys,
            Ids ids,
            AgentCheck check,
            SpendControl spending) {
        this.database = database;
        this.spending = spending;
        this.inbox = inbox;
        this.pieces = pieces;
        this.table = new SessionTable(database, journal, inbox);
        this.subagents = new SubagentReader(table, inbox);
        this.recordings = new Recordings(journal, pieces);
        this.hints = hints;
        this.keys = keys;
        this.ids = ids;
        this.check = check;
    }

    @Override
    public Session create(Caller caller, NewSession session, @Nullable String idempotencyKey) {
        check.check(
                caller,
                session.configuration().agent(),
                session.configuration().settings().vaultIds());
        SessionKey made = new SessionKey(caller.tenant(), ids.next("sess_"));
        Fact.SessionCreated created =
                new Fact.SessionCreated(
                        session.configuration().agent(),
                        session.configuration().metadata(),
                        caller.team(),
                        caller.principal(),
                        caller.keyId(),
                        session.configuration().settings(),
                        session.parent());
        List<Inbox.Outgoing> letters = new ArrayList<>();
        for (List<Part> parts : session.input()) {
            letters.add(new Inbox.Outgoing(message(parts), null));
        }
        String id =
                database.write(sql -> {
                    Optional<String> before =
                            keys.claim(
                                    sql,
                                    caller.tenant(),
                                    "session.create",
                                    idempotencyKey,
                                    Bodies.of(session),
                                    made.id());
                    if (before.isEmpty()) {
                        table.insert(sql, made, created, Summary.EMPTY.written(), letters);
                    }
                    return before.orElse(made.id());
                });
        if (!letters.isEmpty() || created.settings().environmentId() != null) {
            hints.letter(new SessionKey(caller.tenant(), id));
        }
        return find(caller, id).orElseThrow(() -> missing(id));
    }

    private Letter message(List<Part> parts) {
        return new Letter.Message(new Fact.UserItem(ids.next("msg_"), parts));
    }

    @Override
    public void post(
            Caller caller, String sessionId, List<Input> inputs, @Nullable String idempotencyKey) {
        SessionKey key = new SessionKey(caller.tenant(), sessionId);
        requireRoot(caller, sessionId);
        List<Letter> letters = inputs.stream().map(input -> letter(caller, input)).toList();
        List<SessionKey> told = new ArrayList<>();
        boolean delivered =
                database.write(sql -> {
                    if (keys.claim(
                                    sql,
                                    caller.tenant(),
                                    "session.post/" + sessionId,
                                    idempotencyKey,
                                    Bodies.of(inputs),
                                    "")
                            .isPresent()) {
                        return false;
                    }
                    SessionTable.Admission admission =
                            table.admission(sql, key).orElseThrow(() -> missing(sessionId));
                    Admissions admissions = new Admissions(inbox, key, admission);
                    List<Inbox.Outgoing> admitted = admissions.admit(sql, letters);
                    boolean any = !admitted.isEmpty() && inbox.deliver(sql, key, admitted);
                    told.clear();
                    for (var each : admissions.forSubagents().entrySet()) {
                        SessionKey to = new SessionKey(caller.tenant(), each.getKey());
                        inbox.deliver(sql, to, each.getValue());
                        told.add(to);
                    }
                    return any;
                });
        if (delivered) {
            hints.letter(key);
        }
        told.forEach(hints::letter);
    }

    private Letter letter(Caller caller, Input input) {
        return switch (input) {
            case Input.Message message -> message(message.parts());
            case Input.Cancel cancel -> new Letter.Cancel();
            case Input.Approval approval ->
                    new Letter.Approval(
                            approval.approvalId(),
                            approval.approved(),
                            caller.principal(),
                            approval.note(),
                            approval.forSession());
            case Input.ToolResult result ->
                    new Letter.Result(
                            result.turnId(),
                            result.callId(),
                            ids.next("fco_"),
                            result.output(),
                            !result.success(),
                            result.error());
        };
    }

    @Override
    public Optional<Session> find(Caller caller, String sessionId) {
        return database.read(sql -> find(sql, caller, sessionId));
    }

    private Optional<Session> find(Sql sql, Caller caller, String sessionId) throws SQLException {
        SessionKey key = new SessionKey(caller.tenant(), sessionId);
        Optional<SessionTable.SessionRow> row = table.find(sql, key);
        return row.isPresent() && isVisible(caller, row.get()) && row.get().rootId() == null
                ? Optional.of(session(sql, caller.tenant(), row.get()))
                : Optional.empty();
    }

    /** Keys see their team's sessions; keys that administer see the tenant's. */
    static boolean isVisible(Caller caller, SessionTable.SessionRow row) {
        return caller.may(Caller.Scope.ADMIN)
                || (row.first() instanceof Fact.SessionCreated created
                        && created.team().equals(caller.team()));
    }

    private Session session(Sql sql, String tenant, SessionTable.SessionRow row)
            throws SQLException {
        Summary summary = Summary.read(row.summary());
        List<Letter.Numbered> unread =
                row.inboxHead() > row.inboxSeen()
                        ? inbox.after(sql, new SessionKey(tenant, row.id()), row.inboxSeen())
                        : List.of();
        Standing standing = Standing.of(summary, unread);
        Configuration changed = standing.changed();
        if (!(row.first() instanceof Fact.SessionCreated created)) {
            throw new IllegalStateException(
                    "Session " + row.id() + " begins with a fact that this version cannot read.");
        }
        return new Session(
                row.id(),
                changed == null ? created.configuration() : changed,
                row.createdMillis() / 1000,
                row.updatedMillis() / 1000,
                standing.status(),
                standing.requiredActions(),
                summary.usage(),
                summary.error(),
                summary.ancestor());
    }

    @Override
    public Session change(Caller caller, String sessionId, UnaryOperator<Configuration> change) {
        SessionKey key = new SessionKey(caller.tenant(), sessionId);
        for (int attempt = 0; attempt < CHANGES_MAX; attempt++) {
            // What is checked may be asked of the database: not within the transaction.
            Configuration seen =
                    find(caller, sessionId).orElseThrow(() -> missing(sessionId)).configuration();
            Configuration next = change.apply(seen);
            check.check(caller, next.agent(), next.settings().vaultIds());
            if (change(caller, key, seen, next)) {
                Long cents = next.settings().spendCentsMax();
                if (!Objects.equals(cents, seen.settings().spendCentsMax())) {
                    spending.keep(caller.tenant(), sessionId, cents);
                }
                hints.letter(key);
                return find(caller, sessionId).orElseThrow(() -> missing(sessionId));
            }
        }
        throw new Failed(
                Failure.of(
                        Failure.Cause.CONFLICT,
                        "Session "
                                + sessionId
                                + " is being changed by others all the while: try again."));
    }

    /**
     * @return false when it is not any more as it was seen
     */
    private boolean change(Caller caller, SessionKey key, Configuration seen, Configuration next) {
        return database.write(sql -> {
            SessionTable.Admission admission =
                    table.admission(sql, key).orElseThrow(() -> missing(key.id()));
            Session now = find(sql, caller, key.id()).orElseThrow(() -> missing(key.id()));
            if (!now.configuration().equals(seen)) {
                return false;
            }
            if (!next.metadata().equals(now.metadata())) {
                table.label(sql, key, next.metadata());
            }
            inbox.deliver(
                    sql,
                    key,
                    new Admissions(inbox, key, admission)
                            .admit(sql, List.of(new Letter.Change(next))));
            return true;
        });
    }

    @Override
    public Page<Session> list(Caller caller, Filter filter, Page.Query query) {
        return list(caller, filter, false, query);
    }

    @Override
    public Page<Session> awaitingApproval(Caller caller, Page.Query query) {
        return list(caller, Filter.ALL, true, query);
    }

    private Page<Session> list(
            Caller caller, Filter filter, boolean awaitingApproval, Page.Query query) {
        SessionTable.Wanted wanted =
                new SessionTable.Wanted(
                        caller.tenant(),
                        caller.may(Caller.Scope.ADMIN) ? null : caller.team(),
                        filter.agentId(),
                        filter.metadata(),
                        awaitingApproval);
        return database.read(sql -> {
            String after = query.after();
            if (after != null && !table.isPlace(sql, new SessionKey(caller.tenant(), after))) {
                throw missing(after);
            }
            List<Session> found = new ArrayList<>();
            for (SessionTable.SessionRow row : table.list(sql, wanted, query)) {
                found.add(session(sql, caller.tenant(), row));
            }
            return Page.of(found, query.countMax());
        });
    }

    @Override
    public void delete(Caller caller, String sessionId) {
        SessionKey key = new SessionKey(caller.tenant(), sessionId);
        requireRoot(caller, sessionId);
        database.write(sql -> {
            SessionTable.Admission admission =
                    table.admission(sql, key).orElseThrow(() -> missing(sessionId));
            Standing standing =
                    Standing.of(
                            Summary.read(admission.summary()),
                            inbox.after(sql, key, admission.inboxSeen()));
            if (standing.status() != View.Status.IDLE && standing.status() != View.Status.FAILED) {
                throw new Failed(
                        Failure.of(
                                Failure.Cause.CONFLICT,
                                "Session "
                                        + sessionId
                                        + " has an open turn: cancel it, or wait for its"
                                        + " end, then delete."));
            }
            for (SessionKey below : table.below(sql, key)) {
                table.delete(sql, below);
            }
            table.delete(sql, key);
            return true;
        });
        spending.end(caller.tenant(), sessionId);
        hints.grown(key);
    }

    @Override
    public @Nullable Long consumedCents(Caller caller, String sessionId) {
        requireRoot(caller, sessionId);
        return spending.consumedCents(caller.tenant(), sessionId);
    }

    @Override
    public Feed follow(Caller caller, String sessionId, @Nullable Cursor after) {
        SessionKey key = new SessionKey(caller.tenant(), sessionId);
        require(caller, sessionId);
        Cursor from = after == null ? database.read(sql -> head(sql, key)) : after;
        return new TableFeed(database, recordings, hints, key, from, LOOK_MILLIS);
    }

    private Cursor head(Sql sql, SessionKey key) throws SQLException {
        long seq = table.find(sql, key).orElseThrow(() -> missing(key.id())).head();
        return new Cursor(seq, pieces.last(sql, key, seq));
    }

    @Override
    public List<Entry> recorded(Caller caller, String sessionId, Cursor after, int countMax) {
        require(caller, sessionId);
        SessionKey key = new SessionKey(caller.tenant(), sessionId);
        return database.read(sql -> recordings.after(sql, key, after, countMax));
    }

    @Override
    public Optional<View> view(Caller caller, String sessionId) {
        return database.read(sql -> {
            SessionKey key = new SessionKey(caller.tenant(), sessionId);
            Optional<SessionTable.SessionRow> row = table.find(sql, key);
            return row.isPresent() && isVisible(caller, row.get())
                    ? Optional.of(view(sql, key, row.get()))
                    : Optional.empty();
        });
    }

    private View view(Sql sql, SessionKey key, SessionTable.SessionRow row) throws SQLException {
        ViewFold fold = new ViewFold();
        List<Entry> entries;
        do {
            entries = recordings.after(sql, key, fold.head(), READ_MAX);
            entries.forEach(fold::add);
        } while (!entries.isEmpty());
        Summary summary = Summary.of(fold.state());
        Standing standing = Standing.of(summary, inbox.after(sql, key, fold.state().inputSeen()));
        return new View(
                row.id(),
                standing.status(),
                fold.turns(),
                fold.items(),
                standing.requiredActions(),
                summary.usage(),
                summary.error(),
                fold.head());
    }

    @Override
    public Page<View.Turn> turns(Caller caller, String sessionId, Page.Query query) {
        View view = view(caller, sessionId).orElseThrow(() -> missing(sessionId));
        return page(
                view.turns(),
                View.Turn::id,
                query,
                Failure.at(
                        Failure.Cause.NOT_FOUND,
                        "There is no turn " + query.after() + " to list after.",
                        "after"));
    }

    @Override
    public Page<View.Item> items(Caller caller, String sessionId, Page.Query query) {
        View view = view(caller, sessionId).orElseThrow(() -> missing(sessionId));
        return page(
                view.items(),
                View.Item::id,
                query,
                Failure.at(
                        Failure.Cause.INVALID_REQUEST,
                        "There is no item " + query.after() + " to list after.",
                        "after"));
    }

    private static <T> Page<T> page(
            List<T> oldestFirst, Function<T, String> id, Page.Query query, Failure unknown) {
        List<T> all = query.ascending() ? oldestFirst : oldestFirst.reversed();
        int from = 0;
        if (query.after() != null) {
            while (from < all.size() && !id.apply(all.get(from)).equals(query.after())) {
                from++;
            }
            if (from == all.size()) {
                throw new Failed(unknown);
            }
            from++;
        }
        int to = Math.min(all.size(), from + query.countMax());
        return new Page<>(all.subList(from, to), to < all.size());
    }

    @Override
    public Page<Subagent> subagents(Caller caller, String sessionId, Page.Query query) {
        requireRoot(caller, sessionId);
        return database.read(
                sql -> subagents.page(sql, new SessionKey(caller.tenant(), sessionId), query));
    }

    @Override
    public Optional<Subagent> subagent(Caller caller, String sessionId, String subagentId) {
        SessionKey root = new SessionKey(caller.tenant(), sessionId);
        return find(caller, sessionId)
                .flatMap(session -> database.read(sql -> subagents.find(sql, root, subagentId)));
    }

    private void requireRoot(Caller caller, String sessionId) {
        if (find(caller, sessionId).isEmpty()) {
            throw missing(sessionId);
        }
    }

    private void require(Caller caller, String sessionId) {
        boolean visible =
                database.read(sql ->
                        table.find(sql, new SessionKey(caller.tenant(), sessionId))
                                .filter(row -> isVisible(caller, row))
                                .isPresent());
        if (!visible) {
            throw missing(sessionId);
        }
    }

    static Failed missing(String sessionId) {
        return new Failed(
                Failure.of(Failure.Cause.NOT_FOUND, "There is no session " + sessionId + "."));
    }
}
