package entrepot.runtime.session;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Part;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.runtime.agents.AgentCheck;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.agents.IdempotencyKeys;
import entrepot.runtime.facts.Configuration;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.FactCodec;
import entrepot.runtime.journal.Hints;
import entrepot.runtime.journal.Inbox;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.journal.Letter;
import entrepot.runtime.journal.SessionKey;
import entrepot.runtime.journal.SessionTable;
import entrepot.runtime.turn.Replay;
import entrepot.runtime.turn.Summary;
import entrepot.runtime.turn.Taking;
import entrepot.runtime.turn.TurnState;
import entrepot.store.Database;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Journals as a whole: read, forked, and taken over from elsewhere. */
public final class Histories {

    private static final JsonMapper JSON = FactCodec.words().build();
    private static final int READ_MAX = 500;

    private final Database database;
    private final Journal journal;
    private final SessionTable table;
    private final Hints hints;
    private final IdempotencyKeys keys;
    private final Ids ids;
    private final AgentCheck check;

    public Histories(
            Database database,
            Journal journal,
            SessionTable table,
            Hints hints,
            IdempotencyKeys keys,
            Doors doors) {
        this.database = database;
        this.journal = journal;
        this.table = table;
        this.hints = hints;
        this.keys = keys;
        this.ids = doors.ids();
        this.check = doors.check();
    }

    /** What names and checks new sessions. */
    public record Doors(Ids ids, AgentCheck check) {}

    /**
     * How a fork differs from what it is made of.
     *
     * @param seq the last fact it takes over; null for all there are
     * @param model null for the same
     * @param metadata null for the same
     * @param input the first messages of its own
     */
    public record Fork(
            @Nullable Long seq,
            @Nullable String model,
            @Nullable Map<String, String> metadata,
            List<List<Part>> input) {
        public Fork {
            input = List.copyOf(input);
        }
    }

    /**
     * A journal from elsewhere.
     *
     * @param sessionId as it was called there
     * @param facts from its first on, numbered without a gap
     * @param keepId whether it keeps that id, which must be free here
     */
    public record Foreign(String sessionId, List<Journal.Recorded> facts, boolean keepId) {
        public Foreign {
            facts = List.copyOf(facts);
        }
    }

    /**
     * Facts of a session after a place, oldest first, without what is sealed in them.
     *
     * @throws Failed with NOT_FOUND when the caller sees no such session
     */
    public List<Journal.Recorded> facts(
            Caller caller, String sessionId, long afterSeq, int countMax) {
        SessionKey key = new SessionKey(caller.tenant(), sessionId);
        require(caller, sessionId);
        return journal.facts(key, afterSeq, countMax).stream()
                .map(each ->
                        new Journal.Recorded(
                                each.seq(), each.atMillis(), Redaction.masked(each.fact())))
                .toList();
    }

    private SessionTable.SessionRow require(Caller caller, String sessionId) {
        return database.read(sql -> require(sql, caller, sessionId));
    }

    private SessionTable.SessionRow require(Sql sql, Caller caller, String sessionId)
            throws SQLException {
        return table.find(sql, new SessionKey(caller.tenant(), sessionId))
                .filter(row -> JournalSessions.isVisible(caller, row))
                .orElseThrow(() -> JournalSessions.missing(sessionId));
    }

    /**
     * Makes a session that begins with another's facts and goes its own way from there. A turn that
     * is open at that place is closed as cancelled in the copy; the other session is not touched.
     * The fork belongs to the team of the other, and its caller pays for what it does.
     *
     * @param idempotencyKey the same key and fork give the first one again; null for none
     * @return the new session's id
     * @throws Failed naming {@code at} when there is no such place
     */
    public String fork(
            Caller caller, String sessionId, Fork wanted, @Nullable String idempotencyKey) {
        SessionTable.SessionRow row = require(caller, sessionId);
        long seq = place(row, wanted.seq());
        SessionKey source = new SessionKey(caller.tenant(), sessionId);
        List<Fact> first = first(source, seq);
        TurnState state = Replay.of(first);
        Configuration configuration = configured(session(state).configuration(), wanted);
        check.check(caller, configuration.agent(), configuration.settings().vaultIds());
        SessionKey made = new SessionKey(caller.tenant(), ids.next("sess_"));
        List<Fact> own =
                ending(
                        state,
                        new Fact.SessionForked(
                                new Fact.Ancestor(sessionId, seq, false),
                                configuration,
                                caller.principal(),
                                caller.keyId()));
        List<Inbox.Outgoing> letters = letters(wanted.input());
        String id =
                database.write(sql -> {
                    Optional<String> before =
                            keys.claim(
                                    sql,
                                    caller.tenant(),
                                    "session.fork/" + sessionId,
                                    idempotencyKey,
                                    JSON.writeValueAsString(wanted),
                                    made.id());
                    if (before.isPresent()) {
                        return before.get();
                    }
                    if (journal.copy(sql, source, made.id(), seq) != seq) {
                        throw JournalSessions.missing(sessionId);
                    }
                    journal.insert(sql, made, 0, seq, own);
                    insert(
                            sql,
                            made,
                            session(state).team(),
                            fold(state, own),
                            seq + own.size(),
                            letters);
                    return made.id();
                });
        if (!letters.isEmpty()) {
            hints.letter(new SessionKey(caller.tenant(), id));
        }
        return id;
    }

    private static long place(SessionTable.SessionRow row, @Nullable Long asked) {
        long seq = asked == null ? row.head() : asked;
        if (seq < 1 || seq > row.head()) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.INVALID_REQUEST,
                            "Session "
                                    + row.id()
                                    + " has facts 1 to "
                                    + row.head()
                                    + ": fork it at one of them, or leave 'at' out for the last.",
                            "at"));
        }
        return seq;
    }

    /**
     * Makes a session of a journal from elsewhere, for the caller's team. An open turn is closed as
     * cancelled. Vaults and secrets of tool servers are not in it and have to be given anew.
     *
     * @param idempotencyKey the same key and journal give the first session again; null for none
     * @param digest what tells one journal from another
     * @return the new session's id
     * @throws Failed with CONFLICT when it is to keep an id that is taken
     */
    public String adopt(
            Caller caller, Foreign foreign, String digest, @Nullable String idempotencyKey) {
        List<Journal.Recorded> facts = owned(caller, foreign.facts());
        TurnState state = Replay.of(facts.stream().map(Journal.Recorded::fact).toList());
        Configuration told = session(state).configuration();
        Configuration configuration = told.with(told.settings().withoutEnvironment());
        check.check(caller, configuration.agent(), configuration.settings().vaultIds());
        long head = facts.getLast().seq();
        List<Fact> own =
                ending(
                        state,
                        new Fact.SessionForked(
                                new Fact.Ancestor(foreign.sessionId(), head, true),
                                configuration,
                                caller.principal(),
                                caller.keyId()));
        SessionKey made =
                new SessionKey(
                        caller.tenant(),
                        foreign.keepId() ? foreign.sessionId() : ids.next("sess_"));
        return database.write(sql -> {
            Optional<String> before =
                    keys.claim(
                            sql,
                            caller.tenant(),
                            "session.import",
                            idempotencyKey,
                            digest + foreign.keepId(),
                            made.id());
            if (before.isPresent()) {
                return before.get();
            }
            if (table.isPlace(sql, made)) {
                throw new Failed(
                        Failure.of(
                                Failure.Cause.CONFLICT,
                                "The id "
                                        + made.id()
                                        + " is taken here: import the session under a new one."));
            }
            journal.insert(sql, made, facts);
            journal.insert(sql, made, 0, head, own);
            insert(sql, made, caller.team(), fold(state, own), head + own.size(), List.of());
            return made.id();
        });
    }

    /** The facts as the caller's own: who made the session elsewhere is nobody here. */
    private static List<Journal.Recorded> owned(Caller caller, List<Journal.Recorded> foreign) {
        if (foreign.isEmpty()
                || !(foreign.getFirst().fact() instanceof Fact.SessionCreated created)) {
            throw new Failed(
                    Failure.of(
                            Failure.Cause.INVALID_REQUEST,
                            "A journal begins with the making of its session."));
        }
        List<Journal.Recorded> facts = new ArrayList<>(foreign);
        facts.set(
                0,
                new Journal.Recorded(
                        1,
                        facts.getFirst().atMillis(),
                        new Fact.SessionCreated(
                                created.agent(),
                                created.metadata(),
                                caller.team(),
                                caller.principal(),
                                caller.keyId(),
                                created.settings(),
                                null)));
        return facts;
    }

    private void insert(
            Sql sql,
            SessionKey made,
            String team,
            TurnState state,
            long head,
            List<Inbox.Outgoing> letters)
            throws SQLException {
        Configuration configuration = session(state).configuration();
        table.insert(
                sql,
                made,
                new SessionTable.Continued(
                        configuration.agent().id(),
                        team,
                        head,
                        state.inputSeen(),
                        Summary.of(state).written(),
                        configuration.metadata()),
                letters);
    }

    private List<Fact> first(SessionKey key, long seq) {
        List<Fact> facts = new ArrayList<>();
        while (facts.size() < seq) {
            int countMax = (int) Math.min(READ_MAX, seq - facts.size());
            List<Journal.Recorded> more = journal.facts(key, facts.size(), countMax);
            if (more.isEmpty()) {
                throw JournalSessions.missing(key.id());
            }
            more.forEach(each -> facts.add(each.fact()));
        }
        return facts;
    }

    private static Configuration configured(Configuration now, Fork wanted) {
        Configuration next = now;
        String model = wanted.model();
        if (model != null) {
            AgentSnapshot agent = now.agent();
            next =
                    next.with(
                            new AgentSnapshot(
                                    agent.id(),
                                    agent.name(),
                                    model,
                                    agent.instructions(),
                                    agent.tools(),
                                    agent.settings()));
        }
        Map<String, String> metadata = wanted.metadata();
        next = metadata == null ? next : next.with(metadata);
        return next.with(next.settings().withoutEnvironment());
    }

    /** The facts that close what is open, and the one with which a session's own life begins. */
    private static List<Fact> ending(TurnState state, Fact.SessionForked forked) {
        List<Fact> facts = new ArrayList<>();
        if (state instanceof TurnState.Open open) {
            facts.addAll(
                    Taking.end(
                            open, new Fact.TurnCancelled(open.turn().id(), open.turn().usage())));
        }
        facts.add(forked);
        return facts;
    }

    private static TurnState fold(TurnState state, List<Fact> facts) {
        TurnState next = state;
        for (Fact fact : facts) {
            next = Replay.next(next, fact);
        }
        return next;
    }

    private static TurnState.Session session(TurnState state) {
        TurnState.Session session = state.sessionIf();
        if (session == null) {
            throw new IllegalStateException("the journal has no beginning");
        }
        return session;
    }

    private List<Inbox.Outgoing> letters(List<List<Part>> input) {
        List<Inbox.Outgoing> letters = new ArrayList<>();
        for (List<Part> parts : input) {
            letters.add(
                    new Inbox.Outgoing(
                            new Letter.Message(new Fact.UserItem(ids.next("msg_"), parts)), null));
        }
        return letters;
    }
}
