package entrepot.store;

import entrepot.store.Database.Engine;
import entrepot.store.Database.Migrations;
import entrepot.store.DatabaseFailed.Kind;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Brings tables up to date. Written for this because Flyway needed 560 to 710 ms at each start to
 * do it, a third of what a start may take; the scripts keep its naming.
 */
final class Migrator {

    /** Any number, as long as all nodes agree on it. */
    private static final long LOCK = 7_236_105_481L;

    private static final String HISTORY =
            """
            create table if not exists schema_history (
              feature text not null,
              version bigint not null,
              script text not null,
              checksum text not null,
              applied_millis bigint not null,
              primary key (feature, version))
            """;

    private final Database database;

    Migrator(Database database) {
        this.database = database;
    }

    void migrate(List<Migrations> features) {
        List<Pending> pending = database.write(sql -> pending(sql, features));
        for (Pending next : pending) {
            database.write(sql -> apply(sql, next));
        }
    }

    private record Pending(String feature, Script script) {}

    private record Applied(String feature, int version, String script, String checksum) {}

    private List<Pending> pending(Sql sql, List<Migrations> features) throws SQLException {
        awaitOthers(sql);
        sql.update(HISTORY);
        Map<String, TreeMap<Integer, Applied>> history = new HashMap<>();
        for (Applied each :
                sql.query(
                        "select feature, version, script, checksum from schema_history",
                        Migrator::applied)) {
            history.computeIfAbsent(each.feature, _ -> new TreeMap<>()).put(each.version, each);
        }
        List<Pending> pending = new ArrayList<>();
        for (Migrations feature : features) {
            TreeMap<Integer, Applied> applied =
                    history.getOrDefault(feature.feature(), new TreeMap<>());
            List<Script> scripts = Script.find(feature.location(), database.engine());
            int known = scripts.getLast().version();
            int reached = applied.isEmpty() ? 0 : applied.lastKey();
            if (reached > known) {
                throw broken(
                        "The tables of "
                                + feature.feature()
                                + " are at version "
                                + reached
                                + ", but this program knows them up to "
                                + known
                                + ": run the newer program, or restore an older copy.");
            }
            for (Script script : scripts) {
                Applied before = applied.get(script.version());
                if (before == null) {
                    pending.add(inOrder(feature.feature(), script, reached));
                } else if (!before.checksum.equals(script.checksum())) {
                    throw broken(
                            "The migration "
                                    + script.name()
                                    + " was changed after it ran on this database: put it back, and"
                                    + " make the change in a new migration.");
                }
            }
        }
        return pending;
    }

    private static Pending inOrder(String feature, Script script, int reached) {
        if (script.version() < reached) {
            throw broken(
                    "The migration "
                            + script.name()
                            + " comes after version "
                            + reached
                            + ", which already ran: give it a higher number.");
        }
        return new Pending(feature, script);
    }

    /** Another node may have been faster since the list was made. */
    private int apply(Sql sql, Pending next) throws SQLException {
        awaitOthers(sql);
        Script script = next.script;
        boolean done =
                sql.one(
                                "select version from schema_history where feature = ? and version ="
                                        + " ?",
                                row -> row.number("version"),
                                next.feature,
                                script.version())
                        .isPresent();
        if (done) {
            return 0;
        }
        try {
            ((JdbcSql) sql).script(script.text());
        } catch (SQLException e) {
            throw new SQLException(
                    "migration " + script.name() + ": " + e.getMessage(), e.getSQLState(), e);
        }
        return sql.update(
                "insert into schema_history (feature, version, script, checksum, applied_millis)"
                        + " values (?, ?, ?, ?, "
                        + database.engine().nowMillis()
                        + ")",
                next.feature,
                script.version(),
                script.name(),
                script.checksum());
    }

    private void awaitOthers(Sql sql) throws SQLException {
        if (database.engine() == Engine.POSTGRES) {
            sql.query("select pg_advisory_xact_lock(?) as held", _ -> true, LOCK);
        }
    }

    private static Applied applied(Sql.Row row) throws SQLException {
        return new Applied(
                row.text("feature"),
                Math.toIntExact(row.number("version")),
                row.text("script"),
                row.text("checksum"));
    }

    private static DatabaseFailed broken(String message) {
        return new DatabaseFailed(Kind.BROKEN, message, null);
    }
}
