package entrepot.runtime.faults;

import entrepot.store.Database;
import entrepot.store.Sql;
import entrepot.store.notices.Notices;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** A database whose process may end at any write of the journal or of the ledger. */
final class MortalDatabase implements Database {

    private static final Pattern JOURNAL =
            Pattern.compile(
                    "^(with u as \\()?(update session set (head|inbox_head|owner = null, epoch ="
                            + " epoch \\+ 1, due_ms = null, wake_ms = (?!coal))|insert into"
                            + " (session|fact|inbox|piece|receipt)\\b).*",
                    Pattern.DOTALL);
    private static final Pattern CLAIM = Pattern.compile("^with due as .*", Pattern.DOTALL);

    private final Database database;
    private final Fate fate;

    MortalDatabase(Database database, Fate fate) {
        this.database = database;
        this.fate = fate;
    }

    @Override
    public Engine engine() {
        return database.engine();
    }

    @Override
    public <T> T read(Work<T> work) {
        return database.read(work);
    }

    @Override
    public <T> T write(Work<T> work) {
        return watched(work, false);
    }

    @Override
    public <T> T once(Work<T> work) {
        return watched(work, engine() == Engine.POSTGRES);
    }

    /**
     * @param atOnce whether the statement commits itself
     */
    private <T> T watched(Work<T> work, boolean atOnce) {
        Watched[] last = new Watched[1];
        Work<T> mortal =
                sql -> {
                    Watched watched = new Watched(sql, atOnce);
                    last[0] = watched;
                    T result = work.run(watched);
                    fate.at(Point.Kind.WITHIN, watched.due);
                    return result;
                };
        T result = atOnce ? database.once(mortal) : database.write(mortal);
        Point.Kind due = last[0].due;
        fate.at(Point.Kind.AFTER, due);
        if (due.fromOutside()) {
            fate.at(due, due);
        }
        return result;
    }

    @Override
    public void migrate(List<Migrations> features) {
        database.migrate(features);
    }

    @Override
    public Notices notices(String channel, Consumer<String> heard) {
        return database.notices(channel, heard);
    }

    @Override
    public void close() {
        database.close();
    }

    /** Knows the first statement of a work that writes what must not be lost. */
    private final class Watched implements Sql {

        private final Sql sql;
        private final boolean atOnce;
        private boolean counted;
        private Point.Kind due = Point.Kind.NONE;

        Watched(Sql sql, boolean atOnce) {
            this.sql = sql;
            this.atOnce = atOnce;
        }

        private void watch(String statement) {
            if (!counted && JOURNAL.matcher(statement).matches()) {
                counted = true;
                due = fate.write();
                fate.at(Point.Kind.BEFORE, due);
                if (atOnce) {
                    fate.soon(due);
                }
            }
        }

        @Override
        public int update(String statement, @Nullable Object... parameters) throws SQLException {
            watch(statement);
            return sql.update(statement, parameters);
        }

        @Override
        public int[] updateAll(String statement, List<@Nullable Object[]> rows)
                throws SQLException {
            watch(statement);
            return sql.updateAll(statement, rows);
        }

        @Override
        public <T> List<T> query(
                String statement, RowReader<T> reader, @Nullable Object... parameters)
                throws SQLException {
            watch(statement);
            List<T> rows = sql.query(statement, reader, parameters);
            if (!counted && !rows.isEmpty() && CLAIM.matcher(statement).matches()) {
                counted = true;
                due = fate.write();
                fate.at(Point.Kind.BEFORE, due);
            }
            return rows;
        }

        @Override
        public <T> Optional<T> one(
                String statement, RowReader<T> reader, @Nullable Object... parameters)
                throws SQLException {
            watch(statement);
            return sql.one(statement, reader, parameters);
        }
    }
}
