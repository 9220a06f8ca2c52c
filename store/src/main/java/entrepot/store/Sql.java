package entrepot.store;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Statements on one connection, with bound parameters only. Parameters may be {@code String},
 * {@code Long}, {@code Integer}, {@code Boolean} (stored as 0 or 1), {@code byte[]}, {@code
 * BigDecimal} (stored as text) or null.
 *
 * <p>Once a statement has failed, the whole work has: catching the exception does not save it.
 * Where a row may be there already, say {@code on conflict do nothing} and look at the count.
 */
public interface Sql {

    /** Runs a change. Returns the number of rows it touched. */
    int update(String sql, @Nullable Object... parameters) throws SQLException;

    /**
     * Runs one change for many rows in as few round trips as the engine allows; counts in order.
     */
    int[] updateAll(String sql, List<@Nullable Object[]> rows) throws SQLException;

    /** All rows. Also runs {@code … returning …}. */
    <T> List<T> query(String sql, RowReader<T> reader, @Nullable Object... parameters)
            throws SQLException;

    /** The only row, if there is one. */
    <T> Optional<T> one(String sql, RowReader<T> reader, @Nullable Object... parameters)
            throws SQLException;

    /** Reads one row. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(Row row) throws SQLException;
    }

    /** One row; columns by name. */
    interface Row {
        String text(String column) throws SQLException;

        Optional<String> textIf(String column) throws SQLException;

        long number(String column) throws SQLException;

        Optional<Long> numberIf(String column) throws SQLException;

        byte[] bytes(String column) throws SQLException;

        Optional<byte[]> bytesIf(String column) throws SQLException;
    }
}
