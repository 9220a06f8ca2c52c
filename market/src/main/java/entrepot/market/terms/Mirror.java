package entrepot.market.terms;

import entrepot.store.Database;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A small table of all tenants, held in memory and read again when any node has changed it, as a
 * count in {@code terms_change} tells.
 */
final class Mirror<T> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Mirror.class);

    private final String feature;
    private final Database database;
    private final Database.Work<T> load;
    private final CountDownLatch closed = new CountDownLatch(1);

    private volatile Loaded<T> loaded;

    Mirror(String feature, Database database, Database.Work<T> load) {
        this.feature = feature;
        this.database = database;
        this.load = load;
        this.loaded = database.read(sql -> new Loaded<>(changes(sql), load.run(sql)));
    }

    T get() {
        return loaded.value;
    }

    /** For the work that changes the table: the other nodes see it by this. */
    void countChange(Sql sql) throws SQLException {
        sql.update("update terms_change set count = count + 1 where feature = ?", feature);
    }

    synchronized void refresh() {
        Loaded<T> before = loaded;
        loaded =
                database.read(sql -> {
                    // Before the rows: what is added meanwhile is then read once more.
                    long changes = changes(sql);
                    return changes == before.changes
                            ? before
                            : new Loaded<>(changes, load.run(sql));
                });
    }

    /** Refreshes now and then until closed. A database out of reach is told of, once. */
    void refreshEvery(long periodMillis) {
        Thread.ofVirtual()
                .name(feature + "-refresh")
                .start(() -> {
                    boolean failing = false;
                    try {
                        while (!closed.await(periodMillis, TimeUnit.MILLISECONDS)) {
                            String failure = tried();
                            if (failure != null && !failing) {
                                log.warn(
                                        "{} is answered from memory for now: {}", feature, failure);
                            }
                            failing = failure != null;
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private @Nullable String tried() {
        try {
            refresh();
            return null;
        } catch (RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private long changes(Sql sql) throws SQLException {
        return sql.one(
                        "select count from terms_change where feature = ?",
                        row -> row.number("count"),
                        feature)
                .orElse(-1L);
    }

    @Override
    public void close() {
        closed.countDown();
    }

    private record Loaded<T>(long changes, T value) {}
}
