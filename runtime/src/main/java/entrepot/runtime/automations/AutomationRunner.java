package entrepot.runtime.automations;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Part;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.agents.Agents;
import entrepot.runtime.automations.Automation.Status;
import entrepot.runtime.facts.Configuration;
import entrepot.runtime.session.Sessions;
import entrepot.store.Database;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * This node's share of what falls due. An occurrence becomes a row in the transaction that moves
 * its automation on, and the row is delivered under its own id as the idempotency key: whatever
 * dies when, each occurrence reaches its session once.
 */
public final class AutomationRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AutomationRunner.class);

    /** How long whoever tries a delivery has before another node may. */
    static final long LEASE_MILLIS = 60_000;

    static final int ATTEMPTS_MAX = 10;
    static final int KEPT_MAX = 500;
    private static final long BACK_OFF_MILLIS = 5_000;
    private static final long BACK_OFF_MILLIS_MAX = 600_000;
    private static final int AT_ONCE = 100;
    private static final long POLL_MILLIS = 1_000;

    private final Database database;
    private final Sessions sessions;
    private final Agents agents;
    private final Ids ids;
    private final InstantSource clock;
    private final AtomicBoolean open = new AtomicBoolean();
    private Thread thread = Thread.ofVirtual().unstarted(() -> {});

    public AutomationRunner(
            Database database, Sessions sessions, Agents agents, Ids ids, InstantSource clock) {
        this.database = database;
        this.sessions = sessions;
        this.agents = agents;
        this.ids = ids;
        this.clock = clock;
    }

    /** Begins to look for what falls due. */
    public void start() {
        open.set(true);
        thread = Thread.ofVirtual().name("automations").start(this::run);
    }

    private void run() {
        while (open.get()) {
            try {
                if (work() == 0) {
                    TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("cannot look for automations that fall due; trying again", e);
                if (!pause()) {
                    return;
                }
            }
        }
    }

    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Does what is due now. Returns how much that was. */
    public int work() {
        return fire() + deliver();
    }

    // ---- occurrences

    private record Key(String tenant, String id) {}

    private int fire() {
        List<Key> due =
                database.read(sql ->
                        sql.query(
                                "select tenant, id from automation where next_ms <= ?"
                                        + " order by next_ms limit ?",
                                row -> new Key(row.text("tenant"), row.text("id")),
                                clock.millis(),
                                AT_ONCE));
        int fired = 0;
        for (Key key : due) {
            String id = ids.next("autinv_");
            fired += database.write(sql -> fire(sql, key, id));
        }
        return fired;
    }

    private int fire(Sql sql, Key key, String invocationId) throws SQLException {
        Automation automation = Automations.find(sql, key.tenant(), key.id()).orElse(null);
        Long scheduled = automation == null ? null : automation.nextMillis();
        long now = clock.millis();
        if (automation == null || scheduled == null || scheduled > now) {
            return 0;
        }
        Long next = automation.schedule().nextMillis(Math.max(now, scheduled));
        int won =
                sql.update(
                        "update automation set next_ms = ?, status = ?"
                                + " where tenant = ? and id = ? and next_ms = ?",
                        next,
                        AutomationRows.word(next == null ? Status.COMPLETED : Status.ACTIVE),
                        key.tenant(),
                        key.id(),
                        scheduled);
        if (won == 0) {
            return 0;
        }
        boolean pending =
                sql.one(
                                "select count(*) n from automation_invocation"
                                        + " where tenant = ? and automation = ?"
                                        + " and due_ms is not null",
                                row -> row.number("n") > 0,
                                key.tenant(),
                                key.id())
                        .orElse(false);
        forgetOld(sql, key);
        return sql.update(
                "insert into automation_invocation (tenant, automation, id, status, snapshot,"
                        + " scheduled_ms, attempts, due_ms, created_ms)"
                        + " values (?, ?, ?, ?, ?, ?, 0, ?, ?) on conflict do nothing",
                key.tenant(),
                key.id(),
                invocationId,
                AutomationRows.word(pending ? Invocation.Status.SKIPPED : Invocation.Status.QUEUED),
                AutomationRows.write(automation),
                scheduled,
                pending ? null : (Long) now,
                now);
    }

    private static void forgetOld(Sql sql, Key key) throws SQLException {
        sql.update(
                "delete from automation_invocation where tenant = ? and automation = ?"
                        + " and due_ms is null and id <= (select id from automation_invocation"
                        + " where tenant = ? and automation = ? order by id desc limit 1 offset ?)",
                key.tenant(),
                key.id(),
                key.tenant(),
                key.id(),
                KEPT_MAX);
    }

    // ---- deliveries

    /** A delivery that this node may try until its lease ends. */
    private record Held(
            String tenant,
            String automationId,
            String id,
            long attempts,
            long dueMillis,
            @Nullable String prepared,
            @Nullable Long scheduledMillis) {}

    private int deliver() {
        long now = clock.millis();
        List<Held> due =
                database.read(sql ->
                        sql.query(
                                "select tenant, automation, id, attempts, due_ms, prepared,"
                                        + " scheduled_ms from automation_invocation"
                                        + " where due_ms <= ? order by due_ms limit ?",
                                row ->
                                        new Held(
                                                row.text("tenant"),
                                                row.text("automation"),
                                                row.text("id"),
                                                row.number("attempts"),
                                                row.number("due_ms"),
                                                row.textIf("prepared").orElse(null),
                                                row.numberIf("scheduled_ms").orElse(null)),
                                now,
                                AT_ONCE));
        int tried = 0;
        for (Held held : due) {
            if (take(held, now)) {
                tried++;
                tryOnce(held);
            }
        }
        return tried;
    }

    private boolean take(Held held, long now) {
        return database.once(sql ->
                sql.update(
                        "update automation_invocation set due_ms = ?,"
                                + " attempts = attempts + 1 where tenant = ?"
                                + " and automation = ? and id = ? and due_ms = ?",
                        now + LEASE_MILLIS,
                        held.tenant(),
                        held.automationId(),
                        held.id(),
                        held.dueMillis()))
                == 1;
    }

    private void tryOnce(Held held) {
        try {
            Automation automation =
                    database.read(sql -> Automations.find(sql, held.tenant(), held.automationId()))
                            .orElse(null);
            if (automation != null) {
                String sessionId = send(held, automation);
                end(held, Invocation.Status.COMPLETED, sessionId, null);
            }
        } catch (Failed failed) {
            Failure failure = failed.failure();
            boolean forGood =
                    failure.cause().retry() == Failure.Retry.NEVER
                            || held.attempts() + 1 >= ATTEMPTS_MAX;
            if (forGood) {
                giveUp(held, failure);
            } else {
                later(held);
            }
        } catch (RuntimeException e) {
            // The lease ends by itself, and then another try is made; but not for ever.
            LOG.warn("invocation {} was not delivered", held.id(), e);
            if (held.attempts() + 1 >= ATTEMPTS_MAX) {
                giveUp(
                        held,
                        Failure.of(Failure.Cause.INTERNAL, "The server made a mistake; see log."));
            }
        }
    }

    private String send(Held held, Automation automation) {
        Caller caller = automation.owner().caller();
        String key = "automation/" + held.id();
        return switch (prepared(held, automation, caller)) {
            case Target.ExistingSession there -> {
                // The session's own row is asked in the transaction that delivers: what was
                // deleted is not there, and nothing brings it back.
                sessions.post(
                        caller,
                        there.sessionId(),
                        List.of(new Sessions.Input.Message(notification(held, automation, there))),
                        key);
                yield there.sessionId();
            }
            case Target.NewSession made -> {
                AgentSnapshot agent = made.agent();
                if (agent == null) {
                    throw new IllegalStateException("a prepared target has its agent");
                }
                yield sessions.create(
                                caller,
                                new Sessions.NewSession(
                                        new Configuration(agent, made.metadata(), made.settings()),
                                        made.input(),
                                        null),
                                key)
                        .id();
            }
        };
    }

    /** What the first try saw: a later one must ask for the same under the same key. */
    private Target prepared(Held held, Automation automation, Caller caller) {
        if (held.prepared() != null) {
            return AutomationRows.target(held.prepared());
        }
        Target target = Prepared.of(automation.target(), agents, caller);
        String text = AutomationRows.write(target);
        database.once(sql ->
                sql.update(
                        "update automation_invocation set prepared = ? where tenant = ?"
                                + " and automation = ? and id = ? and prepared is null",
                        text,
                        held.tenant(),
                        held.automationId(),
                        held.id()));
        String kept =
                database.read(sql ->
                                sql.one(
                                        "select prepared from automation_invocation where"
                                                + " tenant = ? and automation = ? and id = ?",
                                        row -> row.text("prepared"),
                                        held.tenant(),
                                        held.automationId(),
                                        held.id()))
                        .orElse(text);
        return AutomationRows.target(kept);
    }

    private static List<Part> notification(
            Held held, Automation automation, Target.ExistingSession there) {
        Long scheduled = held.scheduledMillis();
        String head =
                "[Automation \""
                        + automation.name()
                        + "\" ("
                        + automation.id()
                        + ")"
                        + (scheduled == null ? "" : ", due " + Instant.ofEpochMilli(scheduled))
                        + "]\n";
        return List.of(new Part.Text(head + there.instructions(), Extras.NONE));
    }

    private void end(
            Held held,
            Invocation.Status status,
            @Nullable String sessionId,
            Invocation.@Nullable Failure error) {
        database.once(sql ->
                sql.update(
                        "update automation_invocation set status = ?, session = ?,"
                                + " error_code = ?, error_message = ?, prepared = null,"
                                + " due_ms = null"
                                + " where tenant = ? and automation = ? and id = ? and status = ?",
                        AutomationRows.word(status),
                        sessionId,
                        error == null ? null : error.code(),
                        error == null ? null : error.message(),
                        held.tenant(),
                        held.automationId(),
                        held.id(),
                        AutomationRows.word(Invocation.Status.QUEUED)));
    }

    private void later(Held held) {
        long wait = Math.min(BACK_OFF_MILLIS_MAX, BACK_OFF_MILLIS << Math.min(10, held.attempts()));
        database.once(sql ->
                sql.update(
                        "update automation_invocation set due_ms = ? where tenant = ?"
                                + " and automation = ? and id = ? and due_ms is not null",
                        clock.millis() + wait,
                        held.tenant(),
                        held.automationId(),
                        held.id()));
    }

    /** What is gone stays gone: an automation whose session or agent is not there is paused. */
    private void giveUp(Held held, Failure failure) {
        LOG.info("invocation {} is given up: {}", held.id(), failure.message());
        boolean gone = failure.cause() == Failure.Cause.NOT_FOUND;
        end(
                held,
                Invocation.Status.FAILED,
                null,
                new Invocation.Failure(
                        gone ? "target_not_found" : failure.cause().name().toLowerCase(Locale.ROOT),
                        failure.message()));
        if (gone) {
            database.once(sql ->
                    sql.update(
                            "update automation set status = ?, next_ms = null"
                                    + " where tenant = ? and id = ? and status = ?",
                            AutomationRows.word(Status.PAUSED),
                            held.tenant(),
                            held.automationId(),
                            AutomationRows.word(Status.ACTIVE)));
        }
    }

    @Override
    public void close() {
        if (open.getAndSet(false)) {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
