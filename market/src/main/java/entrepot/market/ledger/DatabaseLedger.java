package entrepot.market.ledger;

import entrepot.market.Receipt;
import entrepot.store.Database;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The ledger in the database. Receipts go into a queue; one virtual thread takes what has gathered
 * and writes it in one transaction, at the end of this writer's own chain.
 *
 * <p>After a failure nobody knows whether the rows are there (the connection may have broken after
 * the commit), so the writer looks before it writes again: at the end of its chain, and at which of
 * the receipts are known. That look also settles receipts appended twice, and two processes that
 * were given the same chain name.
 */
public final class DatabaseLedger implements Ledger, AutoCloseable {

    public static final Database.Migrations MIGRATIONS =
            new Database.Migrations("ledger", "entrepot/market/ledger/migrations");

    private static final Logger log = LoggerFactory.getLogger(DatabaseLedger.class);
    private static final int BATCH_ROWS_MAX = 500;
    private static final int BACKLOG_MAX = 50_000;

    /** Room for the orders that were under way when the backlog became too long. */
    private static final int QUEUE_MAX = 2 * BACKLOG_MAX;

    private static final int SESSION_ROWS_MAX = 10_000;
    private static final int UNPRICED_NAMES_MAX = 1_000;
    private static final long GATHER_NANOS = Duration.ofMillis(50).toNanos();
    private static final long RETRY_MILLIS_MAX = 5_000;
    private static final Duration CLOSE_MAX = Duration.ofSeconds(10);

    private static final String COLUMNS = String.join(", ", ReceiptRow.COLUMNS);
    private static final String INSERT =
            "insert into receipt (chain, sequence, hash, "
                    + COLUMNS
                    + ") values (?, ?, ?"
                    + ", ?".repeat(ReceiptRow.COLUMNS.size())
                    + ")";

    private final Database database;
    private final String chainName;
    private final BlockingQueue<Receipt> queue = new LinkedBlockingQueue<>(QUEUE_MAX);
    private final AtomicLong appended = new AtomicLong();
    private final AtomicLong settled = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<String, Long> unpriced = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread writer;

    private volatile @Nullable String failure;
    private @Nullable Chain end;

    private DatabaseLedger(Database database, String chainName) {
        this.database = database;
        this.chainName = chainName;
        this.writer = Thread.ofVirtual().name("ledger").unstarted(this::drain);
    }

    /**
     * Opens the ledger on a database whose {@link #MIGRATIONS} have run.
     *
     * @param chainName names this writer for ever, such as the node's name; one process at a time
     *     should use it (two are safe, but slow)
     */
    public static DatabaseLedger open(Database database, String chainName) {
        var ledger = new DatabaseLedger(database, chainName);
        ledger.writer.start();
        return ledger;
    }

    @Override
    public void append(Receipt receipt) {
        appended.incrementAndGet();
        if (receipt.cost() == null && !receipt.usage().meters().isEmpty()) {
            alertUnpriced(receipt);
        }
        if (!queue.offer(receipt)) {
            lost.incrementAndGet();
            log.error("receipt {} is lost: the ledger is {} behind", receipt.id(), QUEUE_MAX);
            settle(1);
        }
    }

    private void alertUnpriced(Receipt receipt) {
        String name = receipt.model() + " at " + receipt.supplier();
        if (unpriced.size() < UNPRICED_NAMES_MAX || unpriced.containsKey(name)) {
            if (unpriced.merge(name, 1L, Long::sum) == 1L) {
                log.warn(
                        "no price is known for all that {} used: its cost is unknown, not zero;"
                                + " add its prices to the catalogue",
                        name);
            }
        }
    }

    @Override
    public void flush() throws InterruptedException {
        flush(Long.MAX_VALUE);
    }

    private void flush(long nanosMax) throws InterruptedException {
        long target = appended.get();
        long nanosLeft = nanosMax;
        waiting.incrementAndGet();
        lock.lock();
        try {
            LockSupport.unpark(writer);
            while (settled.get() < target && nanosLeft > 0) {
                nanosLeft = progress.awaitNanos(nanosLeft);
            }
        } finally {
            lock.unlock();
            waiting.decrementAndGet();
        }
    }

    private void drain() {
        var batch = new ArrayList<Receipt>(BATCH_ROWS_MAX);
        try {
            while (true) {
                batch.add(queue.take());
                // Commits are dear and rows are cheap; but a full batch has nothing to wait for.
                if (waiting.get() == 0 && queue.size() < BATCH_ROWS_MAX - 1) {
                    LockSupport.parkNanos(GATHER_NANOS);
                }
                queue.drainTo(batch, BATCH_ROWS_MAX - 1);
                writeUntilDone(batch);
                settle(batch.size());
                batch.clear();
            }
        } catch (InterruptedException e) {
            if (!queue.isEmpty() || !batch.isEmpty()) {
                log.error("{} receipts were not written", queue.size() + batch.size());
            }
        }
    }

    private void writeUntilDone(List<Receipt> batch) throws InterruptedException {
        for (long retryMillis = 50; ; retryMillis = Math.min(2 * retryMillis, RETRY_MILLIS_MAX)) {
            try {
                end = write(batch, end);
                if (failure != null) {
                    log.info("the ledger is written again");
                    failure = null;
                }
                return;
            } catch (RuntimeException e) {
                boolean looked = end == null;
                end = null;
                if (looked) {
                    if (failure == null) {
                        log.error("the ledger cannot be written; receipts are kept", e);
                    }
                    failure = String.valueOf(e.getMessage());
                    closed.await(retryMillis, TimeUnit.MILLISECONDS);
                }
            }
        }
    }

    /** Returns the end of the chain after the batch. May run again: changes nothing in memory. */
    private Chain write(List<Receipt> batch, @Nullable Chain known) {
        return database.write(sql -> {
            Chain chain = known == null ? endOfChain(sql) : known;
            List<Receipt> fresh = known == null ? unknown(sql, batch) : batch;
            var rows = new ArrayList<@Nullable Object[]>(fresh.size());
            for (Receipt receipt : fresh) {
                @Nullable Object[] values = ReceiptRow.values(receipt);
                chain = chain.next(values);
                rows.add(row(chain, values));
            }
            if (!rows.isEmpty()) {
                sql.updateAll(INSERT, rows);
            }
            return chain;
        });
    }

    private static @Nullable Object[] row(Chain chain, @Nullable Object[] values) {
        var row = new @Nullable Object[values.length + 3];
        row[0] = chain.name();
        row[1] = chain.sequence();
        row[2] = chain.hash();
        System.arraycopy(values, 0, row, 3, values.length);
        return row;
    }

    private Chain endOfChain(Sql sql) throws SQLException {
        return sql.one(
                        "select sequence, hash from receipt where chain = ?"
                                + " order by sequence desc limit 1",
                        row -> new Chain(chainName, row.number("sequence"), row.text("hash")),
                        chainName)
                .orElse(Chain.start(chainName));
    }

    private static List<Receipt> unknown(Sql sql, List<Receipt> batch) throws SQLException {
        var fresh = new ArrayList<Receipt>(batch.size());
        Set<List<String>> seen = new HashSet<>();
        for (Receipt receipt : batch) {
            boolean known =
                    !seen.add(List.of(receipt.tenant(), receipt.id()))
                            || sql.one(
                                            "select 1 as one from receipt"
                                                    + " where tenant = ? and id = ?",
                                            row -> row.number("one"),
                                            receipt.tenant(),
                                            receipt.id())
                                    .isPresent();
            if (!known) {
                fresh.add(receipt);
            }
        }
        return fresh;
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
    public List<Receipt> ofSession(String tenant, String sessionId) {
        return database.read(sql ->
                sql.query(
                        "select "
                                + COLUMNS
                                + " from receipt where tenant = ? and session_id = ?"
                                + " order by id limit "
                                + SESSION_ROWS_MAX,
                        ReceiptRow::read,
                        tenant,
                        sessionId));
    }

    @Override
    public List<Receipt> latest(String tenant, int countMax) {
        return database.read(sql ->
                sql.query(
                        "select "
                                + COLUMNS
                                + " from receipt where tenant = ?"
                                + " order by id desc limit ?",
                        ReceiptRow::read,
                        tenant,
                        (long) countMax));
    }

    @Override
    public boolean keepsUp() {
        return appended.get() - settled.get() < BACKLOG_MAX;
    }

    @Override
    public Status status() {
        return new Status(
                appended.get() - settled.get(),
                BACKLOG_MAX,
                lost.get(),
                failure,
                Map.copyOf(unpriced));
    }

    @Override
    public Verification verify() {
        return Verifier.verify(database);
    }

    /** Writes what is left, for at most ten seconds, and stops. */
    @Override
    public void close() {
        try {
            flush(CLOSE_MAX.toNanos());
            closed.countDown();
            writer.interrupt();
            writer.join(CLOSE_MAX);
        } catch (InterruptedException e) {
            writer.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
