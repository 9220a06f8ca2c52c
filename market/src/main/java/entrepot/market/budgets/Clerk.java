package entrepot.market.budgets;

import entrepot.store.Database;
import entrepot.store.DatabaseFailed;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The only thread of a node that writes counts and shares. Whatever has gathered (settlements,
 * claims that shares do not suffice for, shares to give back) goes into one transaction.
 */
final class Clerk {

    private static final Logger log = LoggerFactory.getLogger(Clerk.class);
    private static final int DRAWS_MAX = 10_000;
    private static final int DRAWS_PER_BATCH_MAX = 256;
    private static final long RETRY_MILLIS_MAX = 2_000;

    /** Nodes that died are looked for at every so manieth look. */
    private static final int BURIAL_LOOKS = 20;

    private static final Duration CLOSE_MAX = Duration.ofSeconds(10);

    private final Database database;
    private final Budgets.Parts parts;
    private final BudgetSettings settings;
    private final ShareTable table;
    private final Tenure tenure;
    private final Books books;
    private final ArrayBlockingQueue<Draw> draws = new ArrayBlockingQueue<>(DRAWS_MAX);
    private final AtomicLong settlements = new AtomicLong();
    private final AtomicLong drawsTaken = new AtomicLong();
    private final Durable durable = new Durable();
    private final Thread thread;

    /** Draws that wait for what other nodes give back. The clerk's thread alone. */
    private final List<Draw> recalling = new ArrayList<>();

    private volatile boolean idle;
    private volatile boolean closing;
    private volatile boolean abandoned;
    private volatile @Nullable String failure;

    /** Guarded by this. */
    private long changesSeen = -1;

    // Of the clerk's thread alone.
    private @Nullable String node;
    private long batches;
    private long lookNanos;
    private int looks;
    private boolean renewalDue;
    private @Nullable Doubt doubt;

    Clerk(Budgets.Parts parts, BudgetSettings settings) {
        this.parts = parts;
        this.settings = settings;
        this.database = parts.database();
        this.books = new Books(settings.refusalMillis());
        this.table = new ShareTable(database.engine());
        this.tenure = new Tenure(parts.clock(), settings.tenureMillis());
        this.lookNanos = System.nanoTime();
        this.thread = Thread.ofVirtual().name("budgets").unstarted(this::work);
    }

    /** A batch of which nobody knows whether it was written. */
    private record Doubt(Batch.Node node, List<Line> lines) {}

    void start() {
        thread.start();
    }

    @Nullable TenantAccounts tenant(String tenant) {
        return books.tenant(tenant);
    }

    /** Has the account written before long. With the tenant's lock held. */
    void queue(TenantAccounts tenant, Account account) {
        books.queue(tenant, account);
    }

    boolean tenured() {
        return tenure.stands();
    }

    Durable durable() {
        return durable;
    }

    long settlements() {
        return settlements.get();
    }

    @Nullable String failure() {
        return failure;
    }

    /** After something was settled and queued. */
    void settled() {
        settlements.incrementAndGet();
        if (idle) {
            LockSupport.unpark(thread);
        }
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    long drawsTaken() {
        return drawsTaken.get();
    }

    Draw.Outcome draw(Draw draw) {
        drawsTaken.incrementAndGet();
        if (closing || !draws.offer(draw)) {
            return new Draw.Outcome.Unanswered();
        }
        wake();
        return draw.await(settings.waitMillisMax());
    }

    /** Reads the limits again if they have changed. */
    synchronized void refresh() {
        if (parts.limits().changes() == changesSeen) {
            return;
        }
        var snapshot = parts.limits().snapshot();
        books.watch(snapshot.limits());
        changesSeen = snapshot.changes();
    }

    private void work() {
        long retryMillis = 0;
        while (!abandoned) {
            awaitWork(retryMillis);
            try {
                look();
                if (hasWork()) {
                    batch();
                } else if (idleAt(settlements.get()) && closing) {
                    break;
                }
                if (failure != null) {
                    log.info("limits are written again");
                    failure = null;
                }
                retryMillis = 0;
            } catch (RuntimeException e) {
                if (failure == null) {
                    log.error("limits cannot be written; settlements are kept", e);
                }
                failure = String.valueOf(e.getMessage());
                retryMillis = Math.clamp(2 * retryMillis, 50, RETRY_MILLIS_MAX);
            }
        }
        refuseAll();
        durable.stop();
    }

    private boolean hasWork() {
        return !draws.isEmpty()
                || !recalling.isEmpty()
                || !books.allTaken()
                || renewalDue
                || doubt != null;
    }

    /** Whether nothing is to be written: then all that was settled before is durable. */
    private boolean idleAt(long target) {
        boolean empty = books.allTaken();
        if (empty) {
            durable.reached(target);
        }
        return empty;
    }

    private void awaitWork(long retryMillis) {
        if (retryMillis > 0) {
            refuseAll();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(retryMillis));
            return;
        }
        if (!recalling.isEmpty() && draws.isEmpty()) {
            LockSupport.parkNanos(
                    TimeUnit.MILLISECONDS.toNanos(Math.max(1, settings.lookMillis() / 8)));
            return;
        }
        idle = true;
        if (draws.isEmpty() && books.allTaken() && !closing && !abandoned) {
            LockSupport.parkNanos(Math.max(1, lookNanos - System.nanoTime()));
        }
        idle = false;
        if (draws.isEmpty() && !books.allTaken() && !durable.isAwaited() && !closing) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(settings.gatherMillis()));
        }
    }

    private void refuseAll() {
        for (Draw draw = draws.poll(); draw != null; draw = draws.poll()) {
            draw.end(new Draw.Outcome.Unanswered());
        }
        recalling.forEach(draw -> draw.end(new Draw.Outcome.Unanswered()));
        recalling.clear();
    }

    /** From time to time: takes up changed limits and finds shares that nobody uses. */
    private void look() {
        if (System.nanoTime() - lookNanos < 0) {
            return;
        }
        lookNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(settings.lookMillis());
        boolean shares = books.look(parts.clock().millis());
        renewalDue = shares && tenure.wanes();
        String self = node;
        if (shares && self != null) {
            books.recall(database.read(sql -> table.recalled(sql, self)));
        }
        refresh();
        if (!books.isEmpty() && ++looks % BURIAL_LOOKS == 0) {
            database.write(table::endDead);
        }
    }

    private void batch() {
        if (doubt != null) {
            resolve(doubt);
        }
        long target = settlements.get();
        List<Draw> drawn = new ArrayList<>();
        drawn.addAll(recalling);
        recalling.clear();
        draws.drainTo(drawn, DRAWS_PER_BATCH_MAX);
        drawn.removeIf(draw -> !draw.isWaiting());
        List<Line> lines = books.lines(drawn, parts.clock().millis());
        boolean all = books.allTaken();
        var writer =
                new Batch.Node(
                        node,
                        parts.ids().next("share_"),
                        parts.node(),
                        ++batches,
                        settings.tenureMillis());
        var batch = new Batch(table, writer, lines, drawn);
        try {
            Batch.Result result = tenure.renewed(() -> database.write(batch::run));
            books.apply(result, lines);
            node = result.node();
            result.alerts().forEach(parts.alerts()::raised);
            tell(drawn, result);
            renewalDue = false;
        } catch (RuntimeException e) {
            drawn.forEach(draw -> draw.end(new Draw.Outcome.Unanswered()));
            if (e instanceof DatabaseFailed known
                    && known.kind() != DatabaseFailed.Kind.UNKNOWN_OUTCOME) {
                books.putBack(lines);
            } else {
                doubt = new Doubt(writer, lines);
            }
            throw e;
        }
        if (all) {
            durable.reached(target);
        }
        for (Draw draw : recalling) {
            if (draw.recallNanos == 0) {
                draw.recallNanos =
                        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(settings.recallMillis());
                recall(draw);
            }
        }
    }

    /** A draw for which others have enough free waits until they have given it back. */
    private void tell(List<Draw> drawn, Batch.Result result) {
        for (int i = 0; i < drawn.size(); i++) {
            Draw draw = drawn.get(i);
            if (result.lapsed()) {
                draw.end(new Draw.Outcome.Again());
                continue;
            }
            Batch.Verdict verdict = result.verdicts().get(i);
            boolean patient = draw.recallNanos == 0 || System.nanoTime() - draw.recallNanos < 0;
            if (verdict.recallable() && patient) {
                recalling.add(draw);
            } else {
                books.tell(draw, verdict.refusal());
            }
        }
    }

    private void recall(Draw draw) {
        String self = node;
        for (int i = 0; i < draw.needs.size() && self != null; i++) {
            if (draw.needs.get(i).holds()) {
                Account.Key key = draw.accounts.get(i).key;
                database.once(sql -> table.recall(sql, key, self));
            }
        }
    }

    private void resolve(Doubt doubtful) {
        Batch.Node writer = doubtful.node;
        String before = writer.id();
        boolean succeeded = database.write(sql -> table.batch(sql, writer.successor())) >= 0;
        boolean written =
                succeeded
                        || (before != null
                                && database.write(sql -> table.batch(sql, before))
                                        >= writer.number());
        if (written) {
            node = succeeded ? writer.successor() : before;
            books.writeAgain(doubtful.lines);
            if (succeeded && before != null) {
                books.loseAll();
            }
        } else {
            books.putBack(doubtful.lines);
        }
        doubt = null;
    }

    /** Writes what is left, for at most ten seconds, and gives back all shares. */
    void close() {
        closing = true;
        wake();
        try {
            if (!thread.join(CLOSE_MAX)) {
                log.error("settlements were not written: {}", failure);
                abandon();
                return;
            }
        } catch (InterruptedException e) {
            abandon();
            Thread.currentThread().interrupt();
            return;
        }
        String last = node;
        if (last != null) {
            database.write(sql -> {
                table.end(sql, last);
                return true;
            });
        }
    }

    /** Stops at once, as if the process were killed. */
    void abandon() {
        abandoned = true;
        closing = true;
        wake();
    }

    /** Waits until an abandoned clerk has stopped. */
    void awaitEnd() throws InterruptedException {
        thread.join();
    }
}
