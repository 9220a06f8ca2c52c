package entrepot.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/**
 * A few connections that see the file as it was when their work began, beside the writer and
 * without waiting for it. Opened when first needed.
 */
final class SqliteReaders implements AutoCloseable {

    private final Path file;
    private final int countMax;
    private final int waitMillisMax;
    private final Semaphore free;
    private final ConcurrentLinkedDeque<SqliteConnection> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    SqliteReaders(Path file, int countMax, int waitMillisMax) {
        this.file = file;
        this.countMax = countMax;
        this.waitMillisMax = waitMillisMax;
        this.free = new Semaphore(countMax);
    }

    <T> T read(Database.Work<T> work) {
        Patience.acquire(free, waitMillisMax, () -> unavailable("all its readers are busy"));
        try {
            SqliteConnection connection = connect();
            try {
                return run(connection, work);
            } finally {
                idle.push(connection);
            }
        } finally {
            free.release();
        }
    }

    /** Waits for readers to finish. */
    @Override
    public void close() {
        closed = true;
        Patience.acquire(free, countMax, waitMillisMax, () -> unavailable("still being read"));
        for (SqliteConnection each = idle.poll(); each != null; each = idle.poll()) {
            each.close();
        }
        free.release(countMax);
    }

    private SqliteConnection connect() {
        if (closed) {
            throw unavailable("it is closed");
        }
        SqliteConnection kept = idle.poll();
        try {
            return kept == null ? SqliteConnection.reader(file) : kept;
        } catch (SQLException e) {
            throw new SqliteFailures(file).explain(e);
        }
    }

    private static <T> T run(SqliteConnection connection, Database.Work<T> work) {
        JdbcSql sql = connection.sql();
        sql.begin(false);
        try {
            T result = work.run(sql);
            SQLException swallowed = sql.failure();
            if (swallowed != null) {
                throw swallowed;
            }
            return result;
        } catch (SQLException e) {
            throw connection.explain(e);
        } finally {
            connection.rollback();
        }
    }

    private DatabaseFailed unavailable(String why) {
        return new DatabaseFailed(
                DatabaseFailed.Kind.UNAVAILABLE, "Database file " + file + ": " + why + ".", null);
    }
}
