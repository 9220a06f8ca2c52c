package entrepot.market.ledger;

import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/** A row that was read before, by column. */
record ValuesRow(Map<String, @Nullable Object> values) implements Sql.Row {

    @Override
    public String text(String column) throws SQLException {
        return textIf(column).orElseThrow(() -> absent(column));
    }

    @Override
    public Optional<String> textIf(String column) {
        return Optional.ofNullable((String) values.get(column));
    }

    @Override
    public long number(String column) throws SQLException {
        return numberIf(column).orElseThrow(() -> absent(column));
    }

    @Override
    public Optional<Long> numberIf(String column) {
        return Optional.ofNullable((Long) values.get(column));
    }

    @Override
    public byte[] bytes(String column) throws SQLException {
        throw absent(column);
    }

    @Override
    public Optional<byte[]> bytesIf(String column) {
        return Optional.empty();
    }

    private static SQLException absent(String column) {
        return new SQLException("Column " + column + " is null in this row.");
    }
}
