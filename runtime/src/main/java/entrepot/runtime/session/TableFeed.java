package entrepot.runtime.session;

import entrepot.runtime.journal.Hints;
import entrepot.runtime.journal.SessionKey;
import entrepot.store.Database;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A feed that reads the tables. A hint makes it look at once, and a clock makes it look anyhow;
 * what it has not read yet waits in the database, so a slow reader costs nobody anything.
 */
final class TableFeed implements Feed {

    private static final int READ_MAX = 256;

    private final Database database;
    private final Recordings recordings;
    private final SessionKey key;
    private final long pollMillis;
    private final Semaphore grown = new Semaphore(0);
    private final AutoCloseable subscription;
    private Cursor after;

    TableFeed(
            Database database,
            Recordings recordings,
            Hints hints,
            SessionKey key,
            Cursor after,
            long pollMillis) {
        this.database = database;
        this.recordings = recordings;
        this.key = key;
        this.after = after;
        this.pollMillis = pollMillis;
        this.subscription = hints.onGrowth(key, grown::release);
    }

    @Override
    public List<Entry> next(Duration wait) throws InterruptedException {
        long leftMillis = wait.toMillis();
        while (true) {
            grown.drainPermits();
            List<Entry> entries = database.read(sql -> recordings.after(sql, key, after, READ_MAX));
            if (!entries.isEmpty()) {
                after = entries.getLast().cursor();
                return entries;
            }
            if (leftMillis <= 0) {
                return List.of();
            }
            long slice = Math.min(leftMillis, pollMillis);
            if (!grown.tryAcquire(slice, TimeUnit.MILLISECONDS)) {
                leftMillis -= slice;
            }
        }
    }

    @Override
    public void close() {
        try {
            subscription.close();
        } catch (Exception e) {
            throw new IllegalStateException("A subscription could not be ended.", e);
        }
    }
}
