package entrepot.market.ledger;

import entrepot.market.Receipt;
import entrepot.market.ledger.RowWriter.Draft;
import entrepot.market.ledger.books.Books;
import entrepot.store.Database;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import java.util.function.Supplier;

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
    private static final long GATHER_NANOS = Duration.ofMillis(200).toNanos();
    private static final long READER_WAITS_NANOS_MAX = Duration.ofMillis(500).toNanos();
    private static final long RETRY_MILLIS_MAX = 5_000;
    private static final Duration CLOSE_MAX = Duration.ofSeconds(10);

    private static final String COLUMNS = String.join(", ", ReceiptRow.COLUMNS);
    private static final int PAGE_ROWS_MAX = 1_000;
    private static final long SECONDS_END = Long.MAX_VALUE / 1_000;
    private static final String BETWEEN =
            "select "
                    + COLUMNS
                    + " from receipt where tenant = ? and about is null"
                    + " and started_millis >= ? and started_millis < ?";
    private static final String IN_ORDER = " order by started_millis, id limit ?";

    private final Database database;
    private final Supplier<Books> books;
    private final RowWriter rows;
    private final BlockingQueue<Draft> queue = new LinkedBlockingQueue<>(QUEUE_MAX);
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

    private DatabaseLedger(Database database, String chainName, Supplier<Books> books) {
        this.database = database;
        this.books = books;
        this.rows = new RowWriter(chainName);
        this.writer = Thread.ofVirtual().name("ledger").unstarted(this::drain);
    }

    /**
     * Opens the ledger on a database whose {@link #MIGRATIONS} have run.
     *
     * @param chainName names this writer for ever, such as the node's name; one process at a time
     *     should use it (two are safe, but slow)
     */
    public static DatabaseLedger open(Database database, String chainName) {
        return open(database, chainName, () -> Books.COSTS_ONLY);
    }

    /**
     * Opens the ledger, and adds up what was written before there were sums.
     *
     * @param books gives the rules in force
     */
    public static DatabaseLedger open(Database database, String chainName, Supplier<Books> books) {
        Rebuild.catchUp(database, chainName);
        var ledger = new DatabaseLedger(database, chainName, books);
        ledger.writer.start();
        return ledger;
    }

    @Override
    public void append(Receipt receipt) {
        if (!receipt.isPriced()) {
            alertUnpriced(receipt);
        }
        Books rules = books.get(); // once: they may change meanwhile
        Books.Charged charged = rules.charge(ReceiptRow.cleaned(receipt), receipt.endedAt());
        append(
                new Draft(
                        Entry.attempt(charged.receipt(), charged.rule()),
                        rules.postings(charged, receipt.endedAt())));
    }

    /** Appends a row that may be a correction. */
    void append(Draft draft) {
        appended.incrementAndGet();
        if (!queue.offer(draft)) {
            lost.incrementAndGet();
            log.error(
                    "receipt {} is lost: the ledger is {} behind",
                    draft.entry().receipt().id(),
                    QUEUE_MAX);
            settle(1);
        }
    }

    Books books() {
        return books.get();
    }

    Database database() {
        return database;
    }

    private void alertUnpriced(Receipt receipt) {
        String name = receipt.model() + " at " + receipt.supplier();
        if (unpriced.size() < UNPRICED_NAMES_MAX || unpriced.containsKey(name)) {
            if (unpriced.merge(name, 1L, Long::sum) == 1L) {
                log.warn(
                        "no price is known for all that {} used: its cost is {}, not zero;"
                                + " add its prices to the catalogue",
                        name,
                        receipt.cost() == null ? "unknown" : "a ceiling");
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

    /** Whoever reads finds what was appended here before, unless the database is slow. */
    private void flushForReader() {
        if (appended.get() == settled.get()) {
            return;
        }
        try {
            flush(READER_WAITS_NANOS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain() {
        var batch = new ArrayList<Draft>(BATCH_ROWS_MAX);
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

    private void writeUntilDone(List<Draft> batch) throws InterruptedException {
        for (long retryMillis = 50; ; retryMillis = Math.min(2 * retryMillis, RETRY_MILLIS_MAX)) {
            try {
                rows.remember(database.write(sql -> rows.write(sql, batch)));
                if (failure != null) {
                    log.info("the ledger is written again");
                    failure = null;
                }
                return;
            } catch (RuntimeException e) {
                boolean looked = !rows.knows();
                rows.forget();
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
        flushForReader();
        return database.read(sql ->
                sql.query(
                        "select "
                                + COLUMNS
                                + " from receipt where tenant = ? and session_id = ?"
                                + " and about is null"
                                + " order by id limit "
                                + SESSION_ROWS_MAX,
                        ReceiptRow::read,
                        tenant,
                        sessionId));
    }

    @Override
    public List<Receipt> latest(String tenant, int countMax) {
        flushForReader();
        return database.read(sql ->
                sql.query(
                        "select "
                                + COLUMNS
                                + " from receipt where tenant = ? and about is null"
                                + " order by id desc limit ?",
                        ReceiptRow::read,
                        tenant,
                        (long) countMax));
    }

    @Override
    public List<Receipt> between(
            String tenant, Instant from, Instant to, @Nullable String afterId, int countMax) {
        flushForReader();
        long first = millis(from);
        long end = millis(to);
        long limit = Math.clamp(countMax, 1, PAGE_ROWS_MAX);
        return database.read(sql ->
                afterId == null
                        ? sql.query(BETWEEN + IN_ORDER, ReceiptRow::read, tenant, first, end, limit)
                        : sql.query(
                                BETWEEN + " and (started_millis, id) > (?, ?)" + IN_ORDER,
                                ReceiptRow::read,
                                tenant,
                                first,
                                end,
                                began(sql, tenant, afterId),
                                afterId,
                                limit));
    }

    private static long began(Sql sql, String tenant, String id) throws SQLException {
        List<Long> found =
                sql.query(
                        "select started_millis from receipt where tenant = ? and id = ?",
                        row -> row.number("started_millis"),
                        tenant,
                        id);
        if (found.isEmpty()) {
            throw new IllegalArgumentException("there is no receipt " + id);
        }
        return found.getFirst();
    }

    /** Times that no number of milliseconds says are before or after all others. */
    private static long millis(Instant instant) {
        if (instant.getEpochSecond() >= SECONDS_END) {
            return Long.MAX_VALUE;
        }
        return instant.getEpochSecond() <= -SECONDS_END ? Long.MIN_VALUE : instant.toEpochMilli();
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
        return Verifier.verify(database, Progress.NONE);
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
