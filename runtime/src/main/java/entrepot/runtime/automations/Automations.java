package entrepot.runtime.automations;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.runtime.agents.IdempotencyKeys;
import entrepot.runtime.automations.Automation.Status;
import entrepot.store.Database;
import entrepot.store.Page;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The automations of a tenant. Keys see their team's; keys that administer see all. Refusals are
 * thrown as {@code entrepot.conversation.Failed}.
 */
public final class Automations {

    public static final Database.Migrations MIGRATIONS =
            new Database.Migrations("automations", "entrepot/runtime/automations/migrations");

    static final int AUTOMATIONS_MAX = 1_000;

    /** Deliveries of one automation that somebody asked for and that wait. */
    static final int QUEUED_MAX = 10;

    private static final int NAME_CHARS_MAX = 128;
    private static final int INSTRUCTIONS_CHARS_MAX = 32_768;

    private final Database database;
    private final IdempotencyKeys keys;
    private final Ids ids;
    private final InstantSource clock;

    public Automations(Database database, Ids ids, InstantSource clock) {
        this.database = database;
        this.keys = new IdempotencyKeys(database);
        this.ids = ids;
        this.clock = clock;
    }

    /** What may be said of an automation. */
    public record Draft(
            String name, Map<String, String> metadata, Schedule schedule, Target target) {
        public Draft {
            metadata = Map.copyOf(metadata);
            if (name.isBlank() || name.length() > NAME_CHARS_MAX || name.indexOf('\0') >= 0) {
                throw invalid("name", "it must be 1 to " + NAME_CHARS_MAX + " characters.");
            }
            if (target instanceof Target.ExistingSession there
                    && (there.instructions().isBlank()
                            || there.instructions().length() > INSTRUCTIONS_CHARS_MAX)) {
                throw invalid(
                        "target.instructions",
                        "it must be 1 to " + INSTRUCTIONS_CHARS_MAX + " characters.");
            }
        }

        static Draft of(Automation automation) {
            return new Draft(
                    automation.name(),
                    automation.metadata(),
                    automation.schedule(),
                    automation.target());
        }
    }

    private static Failed invalid(String param, String problem) {
        return new Failed(
                Failure.at(
                        Failure.Cause.INVALID_REQUEST,
                        "Invalid value for '" + param + "': " + problem,
                        param));
    }

    /** When a schedule falls due, from now on; refused when it never does. */
    private long due(Schedule schedule) {
        Long next = schedule.nextMillis(clock.millis());
        if (next != null) {
            return next;
        }
        throw switch (schedule) {
            case Schedule.Periodic periodic ->
                    invalid("expression", "no day fits it, so that it never falls due.");
            case Schedule.Once once -> invalid("run_at", "it must be in the future.");
        };
    }

    /**
     * Makes an automation; it falls due first when its schedule says so.
     *
     * @param creator null when a caller makes it
     */
    public Automation create(
            Caller caller,
            Draft draft,
            Automation.@Nullable Creator creator,
            @Nullable String idempotencyKey) {
        long next = due(draft.schedule());
        String made = ids.next("autom_");
        String body =
                draft.name()
                        + AutomationRows.write(draft.metadata())
                        + AutomationRows.write(draft.schedule())
                        + AutomationRows.write(nameless(draft.target()));
        String id =
                database.write(sql -> {
                    Optional<String> before =
                            keys.claim(
                                    sql,
                                    caller.tenant(),
                                    "automation.create",
                                    idempotencyKey,
                                    body,
                                    made);
                    if (before.isEmpty()) {
                        insert(sql, caller, made, draft, creator, next);
                    }
                    return before.orElse(made);
                });
        return find(caller, id).orElseThrow(() -> missing(id));
    }

    /** An inline agent gets a new id with each try. */
    private static Target nameless(Target target) {
        return target instanceof Target.NewSession made && made.agent() != null
                ? new Target.NewSession(
                        null,
                        Prepared.withId(made.agent(), ""),
                        made.settings(),
                        made.metadata(),
                        made.input())
                : target;
    }

    private void insert(
            Sql sql,
            Caller caller,
            String id,
            Draft draft,
            Automation.@Nullable Creator creator,
            long next)
            throws SQLException {
        long count =
                sql.one(
                                "select count(*) n from automation where tenant = ?",
                                row -> row.number("n"),
                                caller.tenant())
                        .orElse(0L);
        if (count >= AUTOMATIONS_MAX) {
            throw limited(
                    "There are "
                            + count
                            + " automations; at most "
                            + AUTOMATIONS_MAX
                            + " are kept. Delete one first.");
        }
        sql.update(
                "insert into automation (tenant, id, team, principal, key_id, name, metadata,"
                        + " schedule, target, target_session, creator_session, creator_call,"
                        + " status, next_ms, created_ms)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                caller.tenant(),
                id,
                caller.team(),
                caller.principal(),
                caller.keyId(),
                draft.name(),
                AutomationRows.write(draft.metadata()),
                AutomationRows.write(draft.schedule()),
                AutomationRows.write(draft.target()),
                draft.target().sessionIdIf(),
                creator == null ? null : creator.sessionId(),
                creator == null ? null : creator.callId(),
                AutomationRows.word(Status.ACTIVE),
                next,
                clock.millis());
    }

    private static Failed limited(String message) {
        return new Failed(Failure.of(Failure.Cause.LIMITED, message));
    }

    public Optional<Automation> find(Caller caller, String automationId) {
        return database.read(sql -> find(sql, caller, automationId));
    }

    private static Optional<Automation> find(Sql sql, Caller caller, String automationId)
            throws SQLException {
        return find(sql, caller.tenant(), automationId)
                .filter(found ->
                        caller.may(Caller.Scope.ADMIN)
                                || found.owner().team().equals(caller.team()));
    }

    static Optional<Automation> find(Sql sql, String tenant, String automationId)
            throws SQLException {
        return sql.one(
                AutomationRows.AUTOMATION + " where tenant = ? and id = ?",
                AutomationRows::automation,
                tenant,
                automationId);
    }

    /**
     * @param sessionId only those that deliver to this session; null for all
     */
    public Page<Automation> list(Caller caller, @Nullable String sessionId, Page.Query query) {
        var where = new StringBuilder(" where tenant = ?");
        List<Object> parameters = new ArrayList<>(List.of(caller.tenant()));
        if (!caller.may(Caller.Scope.ADMIN)) {
            where.append(" and team = ?");
            parameters.add(caller.team());
        }
        if (sessionId != null) {
            where.append(" and target_session = ?");
            parameters.add(sessionId);
        }
        return page(AutomationRows.AUTOMATION + where, parameters, query)
                .read(database, AutomationRows::automation);
    }

    /** A page of a list by id, as SQL. */
    private record Listing(String sql, Object[] parameters, int countMax) {
        <T> Page<T> read(Database database, Sql.RowReader<T> reader) {
            return Page.of(database.read(query -> query.query(sql, reader, parameters)), countMax);
        }
    }

    private static Listing page(String select, List<Object> parameters, Page.Query query) {
        var sql = new StringBuilder(select);
        if (query.after() != null) {
            sql.append(query.ascending() ? " and id > ?" : " and id < ?");
            parameters.add(query.after());
        }
        parameters.add(query.countMax() + 1);
        sql.append(query.ascending() ? " order by id limit ?" : " order by id desc limit ?");
        return new Listing(sql.toString(), parameters.toArray(), query.countMax());
    }

    /**
     * Changes what is said of an automation. A new schedule holds from now on; the target keeps its
     * type, and the session of the agent that made it.
     */
    public Automation update(Caller caller, String automationId, Function<Draft, Draft> change) {
        database.write(sql -> {
            Automation old =
                    find(sql, caller, automationId).orElseThrow(() -> missing(automationId));
            Draft next = change.apply(Draft.of(old));
            requireSameKind(old, next);
            boolean anew = !next.schedule().equals(old.schedule());
            if (anew && old.status() == Status.COMPLETED) {
                throw conflict("Its time has come already: make a new automation.");
            }
            Long due = anew && old.status() == Status.ACTIVE ? (Long) due(next.schedule()) : null;
            if (anew && old.status() == Status.PAUSED) {
                due(next.schedule());
            }
            return sql.update(
                    "update automation set name = ?, metadata = ?, schedule = ?, target = ?,"
                            + " target_session = ?, next_ms = ? where tenant = ? and id = ?",
                    next.name(),
                    AutomationRows.write(next.metadata()),
                    AutomationRows.write(next.schedule()),
                    AutomationRows.write(next.target()),
                    next.target().sessionIdIf(),
                    anew ? due : old.nextMillis(),
                    caller.tenant(),
                    automationId);
        });
        return find(caller, automationId).orElseThrow(() -> missing(automationId));
    }

    private static void requireSameKind(Automation old, Draft next) {
        if (!next.target().getClass().equals(old.target().getClass())) {
            throw invalid("target.type", "a target keeps its type: make a new automation.");
        }
        Automation.Creator creator = old.creator();
        if (creator != null && !creator.sessionId().equals(next.target().sessionIdIf())) {
            throw invalid(
                    "target.session_id", "an agent's automation delivers to the agent's session.");
        }
        if (!next.schedule().getClass().equals(old.schedule().getClass())) {
            throw invalid("type", "an automation keeps its type: make a new one.");
        }
    }

    private static Failed conflict(String message) {
        return new Failed(Failure.of(Failure.Cause.CONFLICT, message));
    }

    /** Falls due no more until it is resumed. A delivery that waits is still made. */
    public Automation pause(Caller caller, String automationId) {
        return turn(
                caller,
                automationId,
                old -> old.status() == Status.ACTIVE ? new Turn(Status.PAUSED, null) : null);
    }

    /** Falls due again, from now on; what came meanwhile is left out. */
    public Automation resume(Caller caller, String automationId) {
        return turn(
                caller,
                automationId,
                old ->
                        old.status() == Status.ACTIVE
                                ? null
                                : new Turn(Status.ACTIVE, due(old.schedule())));
    }

    private record Turn(Status status, @Nullable Long nextMillis) {}

    /**
     * @param turn null for what stays as it is
     */
    private Automation turn(
            Caller caller, String automationId, Function<Automation, @Nullable Turn> turn) {
        return database.write(sql -> {
            Automation old =
                    find(sql, caller, automationId).orElseThrow(() -> missing(automationId));
            Turn next = turn.apply(old);
            if (next != null) {
                sql.update(
                        "update automation set status = ?, next_ms = ? where tenant = ? and id = ?",
                        AutomationRows.word(next.status()),
                        next.nextMillis(),
                        caller.tenant(),
                        automationId);
            }
            return find(sql, caller, automationId).orElseThrow(() -> missing(automationId));
        });
    }

    /** Deletes it with its deliveries; the sessions it delivered to stay. */
    public void delete(Caller caller, String automationId) {
        database.write(sql -> {
            if (find(sql, caller, automationId).isEmpty()) {
                throw missing(automationId);
            }
            sql.update(
                    "delete from automation_invocation where tenant = ? and automation = ?",
                    caller.tenant(),
                    automationId);
            return sql.update(
                    "delete from automation where tenant = ? and id = ?",
                    caller.tenant(),
                    automationId);
        });
    }

    // ---- deliveries

    /** Has it delivered now, whatever its schedule says, and paused or not. */
    public Invocation invoke(Caller caller, String automationId) {
        String made = ids.next("autinv_");
        return database.write(sql -> {
            if (find(sql, caller, automationId).isEmpty()) {
                throw missing(automationId);
            }
            long queued =
                    sql.one(
                                    "select count(*) n from automation_invocation where tenant = ?"
                                            + " and automation = ? and due_ms is not null",
                                    row -> row.number("n"),
                                    caller.tenant(),
                                    automationId)
                            .orElse(0L);
            if (queued >= QUEUED_MAX) {
                throw limited(
                        "Automation "
                                + automationId
                                + " has "
                                + queued
                                + " deliveries that wait; try again when they are made.");
            }
            sql.update(
                    "insert into automation_invocation (tenant, automation, id, status, attempts,"
                            + " due_ms, created_ms) values (?, ?, ?, ?, 0, ?, ?)",
                    caller.tenant(),
                    automationId,
                    made,
                    AutomationRows.word(Invocation.Status.QUEUED),
                    clock.millis(),
                    clock.millis());
            return invocation(sql, caller.tenant(), automationId, made).orElseThrow();
        });
    }

    private static Optional<Invocation> invocation(
            Sql sql, String tenant, String automationId, String id) throws SQLException {
        return sql.one(
                AutomationRows.INVOCATION + " where tenant = ? and automation = ? and id = ?",
                AutomationRows::invocation,
                tenant,
                automationId,
                id);
    }

    public Optional<Invocation> invocation(Caller caller, String automationId, String id) {
        return database.read(sql ->
                find(sql, caller, automationId).isEmpty()
                        ? Optional.<Invocation>empty()
                        : invocation(sql, caller.tenant(), automationId, id));
    }

    public Page<Invocation> invocations(Caller caller, String automationId, Page.Query query) {
        if (find(caller, automationId).isEmpty()) {
            throw missing(automationId);
        }
        return page(
                        AutomationRows.INVOCATION + " where tenant = ? and automation = ?",
                        new ArrayList<>(List.of(caller.tenant(), automationId)),
                        query)
                .read(database, AutomationRows::invocation);
    }

    static Failed missing(String automationId) {
        return new Failed(
                Failure.of(
                        Failure.Cause.NOT_FOUND, "There is no automation " + automationId + "."));
    }
}
