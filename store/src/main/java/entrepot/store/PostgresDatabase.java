package entrepot.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * A PostgreSQL server, through two small fixed pools: one that writes at READ COMMITTED, and one
 * whose transactions are read-only and see one snapshot.
 *
 * <p>An interrupt closes the socket of a virtual thread that waits on it, so each work runs on a
 * virtual thread of its own, which nobody interrupts. That costs about a microsecond.
 */
final class PostgresDatabase implements Database {

    private static final int TRIES_MAX = 5;

    /** Bound while a work runs. */
    private static final ScopedValue<Boolean> INSIDE = ScopedValue.newInstance();

    private final PostgresFailures failures;
    private final HikariDataSource writers;
    private final HikariDataSource readers;

    private PostgresDatabase(
            PostgresFailures failures, HikariDataSource writers, HikariDataSource readers) {
        this.failures = failures;
        this.writers = writers;
        this.readers = readers;
    }

    static PostgresDatabase open(DatabaseSettings settings) {
        PostgresAddress address = PostgresAddress.parse(settings.url());
        PostgresFailures failures = new PostgresFailures(settings.shown());
        int readersMax = Math.max(1, settings.connectionsMax() / 3);
        HikariConfig writing = pool(settings, address, "writers");
        writing.setMaximumPoolSize(settings.connectionsMax() - readersMax);
        HikariConfig reading = pool(settings, address, "readers");
        reading.setMaximumPoolSize(readersMax);
        reading.setReadOnly(true);
        reading.setAutoCommit(false);
        reading.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        HikariDataSource writers = connect(writing, failures);
        try {
            return new PostgresDatabase(failures, writers, connect(reading, failures));
        } catch (RuntimeException e) {
            writers.close();
            throw e;
        }
    }

    @Override
    public Engine engine() {
        return Engine.POSTGRES;
    }

    @Override
    public <T> T read(Work<T> work) {
        return apart(work, Mode.READ);
    }

    @Override
    public <T> T write(Work<T> work) {
        return apart(work, Mode.WRITE);
    }

    @Override
    public <T> T once(Work<T> work) {
        return apart(work, Mode.ONCE);
    }

    @Override
    public void migrate(List<Migrations> features) {
        new Migrator(this).migrate(features);
    }

    @Override
    public void close() {
        readers.close();
        writers.close();
    }

    private static HikariConfig pool(
            DatabaseSettings settings, PostgresAddress address, String name) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(address.jdbcUrl());
        config.setUsername(address.user());
        config.setPassword(address.password());
        address.options().forEach(config::addDataSourceProperty);
        config.setConnectionTimeout(Math.max(250, settings.waitMillisMax()));
        config.setInitializationFailTimeout(1);
        config.setMaximumPoolSize(settings.connectionsMax());
        return config;
    }

    private static HikariDataSource connect(HikariConfig config, PostgresFailures failures) {
        try {
            return new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException e) {
            throw failures.notReached(e);
        }
    }

    private enum Mode {
        READ,
        WRITE,
        ONCE
    }

    /** How far a try came when it failed: before a commit was sent it may be tried again. */
    private static final class Progress {
        private boolean mayHaveCommitted;
    }

    private <T> T apart(Work<T> work, Mode mode) {
        if (INSIDE.isBound()) {
            throw new IllegalStateException("A work must use its Sql, not the database again.");
        }
        Waiting<T> waiting = new Waiting<>(work, mode == Mode.ONCE);
        Thread.ofVirtual()
                .name("postgres")
                .start(() -> ScopedValue.where(INSIDE, true).run(() -> finish(waiting, mode)));
        return waiting.await();
    }

    private <T> void finish(Waiting<T> waiting, Mode mode) {
        try {
            waiting.succeed(retried(waiting.work, mode));
        } catch (Throwable e) {
            waiting.fail(e);
        }
        waiting.release();
    }

    private <T> T retried(Work<T> work, Mode mode) {
        for (int tries = 1; ; tries++) {
            Progress progress = new Progress();
            try {
                return mode == Mode.ONCE ? once(work, progress) : transaction(work, mode, progress);
            } catch (SQLException e) {
                boolean lost = PostgresFailures.connectionLost(e);
                boolean unknown = lost && progress.mayHaveCommitted;
                boolean mayRepeat = (lost && !unknown) || PostgresFailures.conflict(e);
                if (!mayRepeat || tries == TRIES_MAX) {
                    throw unknown ? failures.unknownOutcome(e) : failures.explain(e);
                }
                if (lost) {
                    // What ended this connection has likely ended the idle ones too.
                    pool(mode).getHikariPoolMXBean().softEvictConnections();
                }
            }
        }
    }

    private HikariDataSource pool(Mode mode) {
        return mode == Mode.READ ? readers : writers;
    }

    private <T> T transaction(Work<T> work, Mode mode, Progress progress) throws SQLException {
        try (Connection connection = pool(mode).getConnection()) {
            if (mode == Mode.WRITE) {
                connection.setAutoCommit(false);
            }
            JdbcSql sql = new JdbcSql(connection, StatementCache.Drivers.INSTANCE);
            boolean succeeded = false;
            try {
                T result = work.run(sql);
                SQLException swallowed = sql.failure();
                if (swallowed != null) {
                    throw swallowed;
                }
                progress.mayHaveCommitted = mode == Mode.WRITE;
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

    private <T> T once(Work<T> work, Progress progress) throws SQLException {
        try (Connection connection = writers.getConnection()) {
            JdbcSql sql = new OnceSql(connection);
            progress.mayHaveCommitted = true;
            T result = work.run(sql);
            SQLException swallowed = sql.failure();
            if (swallowed != null) {
                throw swallowed;
            }
            return result;
        }
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
