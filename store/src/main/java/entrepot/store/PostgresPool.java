package entrepot.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A fixed number of connections that are set up alike, with a thread for each. Tries again what
 * certainly changed nothing: a conflict, or a connection lost before a commit was sent.
 */
final class PostgresPool implements AutoCloseable {

    private static final int TRIES_MAX = 5;

    private final HikariDataSource connections;
    private final Workers workers;
    private final PostgresFailures failures;

    private PostgresPool(HikariDataSource connections, Workers workers, PostgresFailures failures) {
        this.connections = connections;
        this.workers = workers;
        this.failures = failures;
    }

    static PostgresPool open(
            HikariConfig config, DatabaseSettings settings, PostgresFailures failures) {
        try {
            HikariDataSource connections = new HikariDataSource(config);
            Workers workers =
                    new Workers(
                            config.getPoolName(), config.getMaximumPoolSize(), settings, failures);
            return new PostgresPool(connections, workers, failures);
        } catch (HikariPool.PoolInitializationException e) {
            throw failures.notReached(e);
        }
    }

    <T> T transaction(Database.Work<T> work) {
        return workers.call(() -> retried(progress -> inTransaction(work, progress)));
    }

    /** One statement that commits itself. */
    <T> T once(Database.Work<T> work) {
        return workers.call(() -> retried(progress -> inOneStatement(work, progress)));
    }

    @Override
    public void close() {
        workers.close();
        connections.close();
    }

    /** How far a try came: before a commit may have arrived, it can be repeated. */
    private static final class Progress {
        private boolean mayHaveCommitted;
    }

    @FunctionalInterface
    private interface Try<T> {
        T run(Progress progress) throws SQLException;
    }

    private <T> T retried(Try<T> one) {
        for (int tries = 1; ; tries++) {
            Progress progress = new Progress();
            try {
                return one.run(progress);
            } catch (SQLException e) {
                boolean lost = PostgresFailures.connectionLost(e);
                boolean unknown = lost && progress.mayHaveCommitted;
                boolean mayRepeat = (lost && !unknown) || PostgresFailures.conflict(e);
                if (!mayRepeat || tries == TRIES_MAX) {
                    throw unknown ? failures.unknownOutcome(e) : failures.explain(e);
                }
                if (lost) {
                    // What ended this connection has likely ended the idle ones too.
                    connections.getHikariPoolMXBean().softEvictConnections();
                }
            }
        }
    }

    private <T> T inTransaction(Database.Work<T> work, Progress progress) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            connection.setAutoCommit(false);
            JdbcSql sql = new JdbcSql(connection, StatementCache.Drivers.INSTANCE);
            boolean succeeded = false;
            try {
                T result = finished(work, sql);
                progress.mayHaveCommitted = sql.changed();
                connection.commit();
                succeeded = true;
                return result;
            } finally {
                if (!succeeded) {
                    rollback(connection);
                }
            }
        }
    }

    private <T> T inOneStatement(Database.Work<T> work, Progress progress) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            progress.mayHaveCommitted = true;
            return finished(work, new OnceSql(connection));
        }
    }

    private static <T> T finished(Database.Work<T> work, JdbcSql sql) throws SQLException {
        T result = work.run(sql);
        SQLException swallowed = sql.failure();
        if (swallowed != null) {
            throw swallowed;
        }
        return result;
    }

    /** A rollback that fails leaves nothing behind: the server undoes what a lost client began. */
    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException _) {
            // The first failure is the one to report; the pool drops the connection.
        }
    }
}
