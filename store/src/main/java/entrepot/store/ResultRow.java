package entrepot.store;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The row a result set stands on. */
record ResultRow(ResultSet rows) implements Sql.Row {

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
