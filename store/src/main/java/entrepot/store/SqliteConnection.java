package entrepot.store;

import entrepot.store.DatabaseFailed.Kind;

import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A connection to the file with a transaction always begun, which takes no lock before its first
 * statement. Replaces itself when SQLite gave the transaction up, as it does on a full disk.
 */
final class SqliteConnection implements AutoCloseable {

    private static final int STATEMENTS_MAX = 256;
    private static final int BUSY_MILLIS_MAX = 5_000;

    private final Path file;
    private final boolean readOnly;
    private final SqliteFailures failures;
    private JdbcSql sql;

    private SqliteConnection(Path file, boolean readOnly) throws SQLException {
        this.file = file;
        this.readOnly = readOnly;
        this.failures = new SqliteFailures(file);
        this.sql = connect(file, readOnly);
    }

    static SqliteConnection writer(Path file) throws SQLException {
        return new SqliteConnection(file, false);
    }

    static SqliteConnection reader(Path file) throws SQLException {
        return new SqliteConnection(file, true);
    }

    JdbcSql sql() {
        return sql;
    }

    void commit() throws SQLException {
        sql.connection().commit();
    }

    /** Undoes what was not committed, if need be by starting over with a new connection. */
    void rollback() {
        try {
            sql.connection().rollback();
        } catch (SQLException _) {
            reconnect();
        }
    }

    DatabaseFailed explain(SQLException e) {
        return failures.explain(e);
    }

    DatabaseFailed unavailable(String why) {
        return new DatabaseFailed(
                Kind.UNAVAILABLE, "Database file " + file + ": " + why + ".", null);
    }

    @Override
    public void close() {
        try {
            sql.connection().close();
        } catch (SQLException e) {
            throw explain(e);
        }
    }

    private void reconnect() {
        try {
            sql.connection().close();
            sql = connect(file, readOnly);
        } catch (SQLException e) {
            throw explain(e);
        }
    }

    private static JdbcSql connect(Path file, boolean readOnly) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS_MAX);
        // One thread at a time has a connection, so SQLite need not lock it for every parameter.
        config.setOpenMode(SQLiteOpenMode.NOMUTEX);
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            for (String pragma : readOnly ? FOR_READER : FOR_WRITER) {
                statement.execute("pragma " + pragma);
            }
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return new JdbcSql(connection, new StatementCache.Kept(STATEMENTS_MAX));
    }

    /** FULL costs little once commits are grouped, and survives a loss of power. */
    private static final String[] FOR_WRITER = {
        "page_size=8192",
        "journal_mode=wal",
        "synchronous=full",
        "foreign_keys=on",
        "temp_store=memory",
        "cache_size=-32768",
        "journal_size_limit=67108864"
    };

    private static final String[] FOR_READER = {
        "query_only=on", "temp_store=memory", "cache_size=-8192"
    };
}
