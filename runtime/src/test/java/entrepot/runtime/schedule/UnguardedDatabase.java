package entrepot.runtime.schedule;

import entrepot.store.Database;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** A database whose callers' statements have lost a guard on the way. */
record UnguardedDatabase(Database database, Guard gone) implements Database {

    @Override
    public Engine engine() {
        return database.engine();
    }

    @Override
    public <T> T read(Work<T> work) {
        return database.read(sql -> work.run(new Unguarded(sql)));
    }

    @Override
    public <T> T write(Work<T> work) {
        return database.write(sql -> work.run(new Unguarded(sql)));
    }

    @Override
    public <T> T once(Work<T> work) {
        return database.once(sql -> work.run(new Unguarded(sql)));
    }

    @Override
    public void migrate(List<Migrations> features) {
        database.migrate(features);
    }

    @Override
    public void close() {}

    private final class Unguarded implements Sql {

        private final Sql sql;

        Unguarded(Sql sql) {
            this.sql = sql;
        }

        @Override
        public int update(String statement, @Nullable Object... parameters) throws SQLException {
            return sql.update(gone.removedFrom(statement), parameters);
        }

        @Override
        public int[] updateAll(String statement, List<@Nullable Object[]> rows)
                throws SQLException {
            return sql.updateAll(gone.removedFrom(statement), rows);
        }

        @Override
        public <T> List<T> query(
                String statement, RowReader<T> reader, @Nullable Object... parameters)
                throws SQLException {
            return sql.query(
                    gone.removedFrom(statement),
                    row -> reader.read(new UnguardedRow(row)),
                    parameters);
        }

        @Override
        public <T> Optional<T> one(
                String statement, RowReader<T> reader, @Nullable Object... parameters)
                throws SQLException {
            return sql.one(
                    gone.removedFrom(statement),
                    row -> reader.read(new UnguardedRow(row)),
                    parameters);
        }
    }

    private final class UnguardedRow implements Sql.Row {

        private final Sql.Row row;

        UnguardedRow(Sql.Row row) {
            this.row = row;
        }

        @Override
        public String text(String column) throws SQLException {
            return column.equals("type") ? gone.read(row.text(column)) : row.text(column);
        }

        @Override
        public Optional<String> textIf(String column) throws SQLException {
            return row.textIf(column);
        }

        @Override
        public long number(String column) throws SQLException {
            return row.number(column);
        }

        @Override
        public Optional<Long> numberIf(String column) throws SQLException {
            return row.numberIf(column);
        }

        @Override
        public byte[] bytes(String column) throws SQLException {
            return row.bytes(column);
        }

        @Override
        public Optional<byte[]> bytesIf(String column) throws SQLException {
            return row.bytesIf(column);
        }
    }
}
