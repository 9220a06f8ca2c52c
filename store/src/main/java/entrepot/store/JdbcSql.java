package entrepot.store;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Statements on one JDBC connection. Remembers whether a statement failed, because what follows a
 * failure is lost on PostgreSQL, and must be on SQLite too; and whether rows may have changed,
 * because only then is there something to undo.
 */
class JdbcSql implements Sql {

    private final Connection connection;
    private final StatementCache statements;
    private boolean once;
    private int statementCount;
    private boolean changed;
    private @Nullable SQLException failure;

    JdbcSql(Connection connection, StatementCache statements) {
        this.connection = connection;
        this.statements = statements;
    }

    /** Forgets the work before, on a connection that many works share. */
    final void begin(boolean onceOnly) {
        once = onceOnly;
        statementCount = 0;
        changed = false;
        failure = null;
    }

    final boolean changed() {
        return changed;
    }

    final @Nullable SQLException failure() {
        return failure;
    }

    final Connection connection() {
        return connection;
    }

    @Override
    public int update(String sql, @Nullable Object... parameters) throws SQLException {
        beforeStatement(sql);
        PreparedStatement statement = null;
        try {
            statement = statements.take(connection, sql);
            bind(statement, parameters);
            int count = statement.executeUpdate();
            changed |= count != 0;
            return count;
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            statements.giveBack(sql, statement);
        }
    }

    @Override
    public int[] updateAll(String sql, List<@Nullable Object[]> rows) throws SQLException {
        beforeStatement(sql);
        if (rows.isEmpty()) {
            return new int[0];
        }
        PreparedStatement statement = null;
        try {
            statement = statements.take(connection, sql);
            changed = true;
            return updateEach(statement, rows);
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            statements.giveBack(sql, statement);
        }
    }

    /** One round trip for all rows, where there is a server to go to. */
    int[] updateEach(PreparedStatement statement, List<@Nullable Object[]> rows)
            throws SQLException {
        for (@Nullable Object[] row : rows) {
            bind(statement, row);
            statement.addBatch();
        }
        int[] counts = statement.executeBatch();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == Statement.SUCCESS_NO_INFO) {
                counts[i] = 1;
            }
        }
        return counts;
    }

    @Override
    public <T> List<T> query(String sql, RowReader<T> reader, @Nullable Object... parameters)
            throws SQLException {
        List<T> all = new ArrayList<>();
        readRows(sql, reader, all, Integer.MAX_VALUE, parameters);
        return all;
    }

    @Override
    public <T> Optional<T> one(String sql, RowReader<T> reader, @Nullable Object... parameters)
            throws SQLException {
        List<T> all = new ArrayList<>(1);
        readRows(sql, reader, all, 1, parameters);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
    }

    private <T> void readRows(
            String sql,
            RowReader<T> reader,
            List<T> into,
            int countMax,
            @Nullable Object[] parameters)
            throws SQLException {
        beforeStatement(sql);
        PreparedStatement statement = null;
        try {
            statement = statements.take(connection, sql);
            bind(statement, parameters);
            changed |= !readsOnly(sql);
            try (ResultSet rows = statement.executeQuery()) {
                ResultRow row = new ResultRow(rows);
                while (rows.next()) {
                    if (into.size() == countMax) {
                        throw new SQLException(
                                "The query has more than "
                                        + countMax
                                        + " row: make its condition unique, or use query(): "
                                        + sql);
                    }
                    into.add(reader.read(row));
                }
            }
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            statements.giveBack(sql, statement);
        }
    }

    private void beforeStatement(String sql) throws SQLException {
        if (failure != null) {
            throw new SQLException(
                    "A statement of this work failed before, so nothing more may run: " + sql,
                    failure);
        }
        if (once && statementCount > 0) {
            throw new IllegalStateException(
                    "Work given to once() runs one statement; use write() for more: " + sql);
        }
        statementCount++;
    }

    /** Runs a script of many statements. */
    final void script(String text) throws SQLException {
        beforeStatement(text);
        changed = true;
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(text);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private SQLException failed(SQLException e) {
        failure = e;
        return e;
    }

    private static boolean readsOnly(String sql) {
        return sql.regionMatches(true, 0, "select", 0, 6);
    }

    private static void bind(PreparedStatement statement, @Nullable Object[] parameters)
            throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            bind(statement, i + 1, parameters[i]);
        }
    }

    private static void bind(PreparedStatement statement, int place, @Nullable Object value)
            throws SQLException {
        switch (value) {
            case null -> statement.setNull(place, Types.NULL);
            case String text -> statement.setString(place, text);
            case Long number -> statement.setLong(place, number);
            case Integer number -> statement.setInt(place, number);
            case Boolean yes -> statement.setInt(place, yes ? 1 : 0);
            case byte[] bytes -> statement.setBytes(place, bytes);
            case BigDecimal number -> statement.setString(place, number.toPlainString());
            default ->
                    throw new SQLException(
                            "Parameter "
                                    + place
                                    + " is a "
                                    + value.getClass().getName()
                                    + ": give a String, Long, Integer, Boolean, byte[],"
                                    + " BigDecimal or null.");
        }
    }

    /** The row a result set stands on. */
    private record ResultRow(ResultSet rows) implements Row {

        @Override
        public String text(String column) throws SQLException {
            return present(column, rows.getString(column));
        }

        @Override
        public Optional<String> textIf(String column) throws SQLException {
            return Optional.ofNullable(rows.getString(column));
        }

        @Override
        public long number(String column) throws SQLException {
            long number = rows.getLong(column);
            if (number == 0 && rows.wasNull()) {
                throw absent(column);
            }
            return number;
        }

        @Override
        public Optional<Long> numberIf(String column) throws SQLException {
            long number = rows.getLong(column);
            return number == 0 && rows.wasNull() ? Optional.empty() : Optional.of(number);
        }

        @Override
        public byte[] bytes(String column) throws SQLException {
            return present(column, rows.getBytes(column));
        }

        @Override
        public Optional<byte[]> bytesIf(String column) throws SQLException {
            return Optional.ofNullable(rows.getBytes(column));
        }

        private static <T> T present(String column, @Nullable T value) throws SQLException {
            if (value == null) {
                throw absent(column);
            }
            return value;
        }

        private static SQLException absent(String column) {
            return new SQLException(
                    "Column " + column + " is null in this row: read it with the …If form.");
        }
    }
}
