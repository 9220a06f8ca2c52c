package entrepot.market.budgets;

import entrepot.identity.Ids;
import entrepot.market.budgets.limits.Limit;
import entrepot.store.Database;
import entrepot.store.Page;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps alerts, after telling another listener of them. Who raises one never waits: a thread writes
 * what has gathered, and tries again until it is written. What a killed process had not written is
 * in its log alone.
 */
public final class AlertLog implements Alert.Listener, AutoCloseable {

    /** Of a tenant; the oldest go first. */
    public static final int ALERTS_PER_TENANT_MAX = 10_000;

    private static final Logger log = LoggerFactory.getLogger(AlertLog.class);
    private static final int WAITING_MAX = 10_000;
    private static final int BATCH_MAX = 500;
    private static final long RETRY_MILLIS_MAX = 5_000;
    private static final long CLOSE_MILLIS_MAX = 5_000;
    private static final String COLUMNS =
            "tenant, id, at_millis, limit_id, kind, percent, order_id, amount, held, words";

    private final Database database;
    private final InstantSource clock;
    private final Ids ids;
    private final Alert.Listener first;
    private final BlockingQueue<Raised> waiting = new LinkedBlockingQueue<>(WAITING_MAX);
    private final AtomicLong raised = new AtomicLong();
    private final AtomicLong settled = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread writer;

    /** What an alert is about. */
    public enum Kind {
        /** A percentage of a limit is used. */
        REACHED,
        /** An order used more than it had held. */
        OVERRUN
    }

    /**
     * An alert as it is kept.
     *
     * @param percent of {@code REACHED}
     * @param orderId of {@code OVERRUN}
     * @param amount what was used: in the period, or by the order
     * @param held by the order
     * @param text one line for people
     */
    public record Raised(
            String tenant,
            String id,
            Instant at,
            String limitId,
            Kind kind,
            @Nullable Integer percent,
            @Nullable String orderId,
            BigDecimal amount,
            @Nullable BigDecimal held,
            String text) {}

    private AlertLog(Database database, InstantSource clock, Ids ids, Alert.Listener first) {
        this.database = database;
        this.clock = clock;
        this.ids = ids;
        this.first = first;
        this.writer = Thread.ofVirtual().name("alerts").unstarted(this::write);
    }

    /**
     * @param database whose migrations of limits have run
     * @param first is told of each alert before it is kept
     */
    public static AlertLog open(
            Database database, InstantSource clock, Ids ids, Alert.Listener first) {
        var alerts = new AlertLog(database, clock, ids, first);
        alerts.writer.start();
        return alerts;
    }

    @Override
    public void raised(Alert alert) {
        first.raised(alert);
        raised.incrementAndGet();
        if (!waiting.offer(kept(alert))) {
            settle(1);
            log.error("{} alerts wait to be written: this one is in the log alone", WAITING_MAX);
        }
    }

    private Raised kept(Alert alert) {
        Limit limit = alert.limit();
        Instant at = Instant.ofEpochMilli(clock.millis());
        String id = ids.next("alert_");
        return switch (alert) {
            case Alert.Reached reached ->
                    new Raised(
                            limit.tenant(),
                            id,
                            at,
                            limit.id(),
                            Kind.REACHED,
                            reached.percent(),
                            null,
                            reached.settled(),
                            null,
                            alert.text());
            case Alert.Overrun overrun ->
                    new Raised(
                            limit.tenant(),
                            id,
                            at,
                            limit.id(),
                            Kind.OVERRUN,
                            null,
                            overrun.orderId(),
                            overrun.actual(),
                            overrun.held(),
                            alert.text());
        };
    }

    /**
     * A tenant's alerts, newest first.
     *
     * @param before the id after the first wanted one; null for the newest
     * @param limit only of this limit; null for all
     */
    public Page<Raised> latest(
            String tenant, @Nullable String before, @Nullable String limit, int countMax) {
        return Page.of(
                database.read(sql ->
                        sql.query(
                                "select "
                                        + COLUMNS
                                        + " from limit_alert where tenant = ? and id < ?"
                                        + " and (limit_id = ? or ? = '')"
                                        + " order by id desc limit ?",
                                AlertLog::row,
                                tenant,
                                before == null ? "~" : before,
                                limit == null ? "" : limit,
                                limit == null ? "" : limit,
                                (long) countMax + 1)),
                countMax);
    }

    private static Raised row(Sql.Row row) throws SQLException {
        Long percent = row.numberIf("percent").orElse(null);
        return new Raised(
                row.text("tenant"),
                row.text("id"),
                Instant.ofEpochMilli(row.number("at_millis")),
                row.text("limit_id"),
                Kind.valueOf(row.text("kind")),
                percent == null ? null : (Integer) percent.intValue(),
                row.textIf("order_id").orElse(null),
                new BigDecimal(row.text("amount")),
                row.textIf("held").map(BigDecimal::new).orElse(null),
                row.text("words"));
    }

    private void write() {
        var batch = new ArrayList<Raised>(BATCH_MAX);
        long pauseMillis = 50;
        try {
            while (true) {
                if (batch.isEmpty()) {
                    batch.add(waiting.take());
                    waiting.drainTo(batch, BATCH_MAX - 1);
                }
                try {
                    database.write(sql -> {
                        insert(sql, batch);
                        return batch.size();
                    });
                    settle(batch.size());
                    batch.clear();
                    pauseMillis = 50;
                } catch (RuntimeException e) {
                    log.warn("alerts cannot be written; they are kept: {}", e.getMessage());
                    closed.await(pauseMillis, TimeUnit.MILLISECONDS);
                    pauseMillis = Math.min(2 * pauseMillis, RETRY_MILLIS_MAX);
                }
            }
        } catch (InterruptedException e) {
            if (settled.get() < raised.get()) {
                log.error("{} alerts were not written", raised.get() - settled.get());
            }
        }
    }

    private static void insert(Sql sql, List<Raised> batch) throws SQLException {
        var tenants = new HashSet<String>();
        for (Raised each : batch) {
            tenants.add(each.tenant());
            sql.update(
                    "insert into limit_alert ("
                            + COLUMNS
                            + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                            + " on conflict (tenant, id) do nothing",
                    each.tenant(),
                    each.id(),
                    each.at().toEpochMilli(),
                    each.limitId(),
                    each.kind().name(),
                    each.percent() == null ? null : (Long) each.percent().longValue(),
                    each.orderId(),
                    each.amount(),
                    each.held(),
                    each.text());
        }
        for (String tenant : tenants) {
            sql.update(
                    "delete from limit_alert where tenant = ? and id <= (select id from"
                            + " limit_alert where tenant = ? order by id desc limit 1 offset "
                            + ALERTS_PER_TENANT_MAX
                            + ")",
                    tenant,
                    tenant);
        }
    }

    /** Waits until what was raised so far is written, for at most five seconds. */
    public boolean flush() throws InterruptedException {
        long target = raised.get();
        long nanosLeft = TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS_MAX);
        lock.lock();
        try {
            while (settled.get() < target && nanosLeft > 0) {
                nanosLeft = progress.awaitNanos(nanosLeft);
            }
            return settled.get() >= target;
        } finally {
            lock.unlock();
        }
    }

    private void settle(int count) {
        settled.addAndGet(count);
        lock.lock();
        try {
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        try {
            flush();
            closed.countDown();
            writer.interrupt();
            writer.join(CLOSE_MILLIS_MAX);
        } catch (InterruptedException e) {
            writer.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
