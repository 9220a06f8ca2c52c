package entrepot.runtime.environments;

import entrepot.identity.Caller;
import entrepot.runtime.facts.EnvironmentStatus;
import entrepot.store.Database;
import entrepot.store.Page;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows of environments. */
final class EnvironmentTable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String COLUMNS =
            "select tenant, id, session, shown, sealed, status, error_code, error_message,"
                    + " created_ms, used_ms from environment";

    private final Database database;
    private final String now;

    EnvironmentTable(Database database) {
        this.database = database;
        this.now = database.engine().nowMillis();
    }

    /** A row: what readers see of it, and what is sealed. */
    record Kept(String tenant, Environment environment, String sealed, long usedMillis) {}

    void insert(
            Sql sql,
            Caller caller,
            String id,
            @Nullable String session,
            String shown,
            String sealed)
            throws SQLException {
        sql.update(
                "insert into environment (tenant, id, team, session, shown, sealed, status, resets,"
                        + " created_ms, used_ms) values (?, ?, ?, ?, ?, ?, ?, 0, "
                        + now
                        + ", "
                        + now
                        + ")",
                caller.tenant(),
                id,
                caller.team(),
                session,
                shown,
                sealed,
                EnvironmentStatus.PENDING.name());
    }

    long count(Sql sql, String tenant) throws SQLException {
        return sql.one(
                        "select count(*) n from environment where tenant = ? and status <> ?",
                        row -> row.number("n"),
                        tenant,
                        EnvironmentStatus.EXPIRED.name())
                .orElse(0L);
    }

    /** Whoever's it is. */
    Optional<Kept> find(String tenant, String id) {
        return database.read(sql ->
                sql.one(
                        COLUMNS + " where tenant = ? and id = ?",
                        EnvironmentTable::row,
                        tenant,
                        id));
    }

    /** One that a caller may see. */
    Optional<Kept> find(Caller caller, String id) {
        boolean all = caller.may(Caller.Scope.ADMIN);
        return database.read(sql ->
                sql.one(
                        COLUMNS + " where tenant = ? and id = ? and (? = 1 or team = ?)",
                        EnvironmentTable::row,
                        caller.tenant(),
                        id,
                        all ? 1L : 0L,
                        caller.team()));
    }

    /** One row more than wanted tells of more. */
    List<Kept> list(Caller caller, Page.Query query) {
        boolean all = caller.may(Caller.Scope.ADMIN);
        List<Object> parameters =
                new ArrayList<>(List.of(caller.tenant(), all ? 1L : 0L, caller.team()));
        String after = query.after();
        String place = "";
        if (after != null) {
            place = query.ascending() ? " and id > ?" : " and id < ?";
            parameters.add(after);
        }
        parameters.add(query.countMax() + 1);
        String order = query.ascending() ? "asc" : "desc";
        String text =
                COLUMNS
                        + " where tenant = ? and (? = 1 or team = ?)"
                        + place
                        + " order by id "
                        + order
                        + " limit ?";
        return database.read(sql -> sql.query(text, EnvironmentTable::row, parameters.toArray()));
    }

    void status(
            String tenant,
            String id,
            EnvironmentStatus status,
            @Nullable String code,
            @Nullable String message) {
        database.once(sql ->
                sql.update(
                        "update environment set status = ?, error_code = ?, error_message = ?,"
                                + " used_ms = "
                                + now
                                + " where tenant = ? and id = ?",
                        status.name(),
                        code,
                        message,
                        tenant,
                        id));
    }

    void used(String tenant, String id) {
        database.once(sql ->
                sql.update(
                        "update environment set used_ms = " + now + " where tenant = ? and id = ?",
                        tenant,
                        id));
    }

    /**
     * Says which session has it.
     *
     * @return false when another has
     */
    boolean take(String tenant, String id, @Nullable String before, @Nullable String session) {
        return database.once(sql ->
                sql.update(
                        "update environment set session = ? where tenant = ? and id = ?"
                                + " and coalesce(session, 'none') = ?",
                        session,
                        tenant,
                        id,
                        before == null ? "none" : before))
                == 1;
    }

    long reset(String tenant, String id) {
        return database.write(sql -> {
            sql.update(
                    "update environment set resets = resets + 1, status = ?"
                            + " where tenant = ? and id = ?",
                    EnvironmentStatus.PENDING.name(),
                    tenant,
                    id);
            return sql.one(
                            "select resets from environment where tenant = ? and id = ?",
                            row -> row.number("resets"),
                            tenant,
                            id)
                    .orElse(0L);
        });
    }

    void delete(String tenant, String id) {
        database.once(sql ->
                sql.update("delete from environment where tenant = ? and id = ?", tenant, id));
    }

    /** Those that nobody has used for so long. */
    List<Kept> idle(long idleMillis, int countMax) {
        return database.read(sql ->
                sql.query(
                        COLUMNS
                                + " where status <> 'EXPIRED' and used_ms < "
                                + now
                                + " - ? order by used_ms limit ?",
                        EnvironmentTable::row,
                        idleMillis,
                        countMax));
    }

    private static Kept row(Sql.Row row) throws SQLException {
        return new Kept(
                row.text("tenant"),
                new Environment(
                        row.text("id"),
                        row.textIf("session").orElse(null),
                        JSON.readTree(row.text("shown")),
                        EnvironmentStatus.valueOf(row.text("status")),
                        row.textIf("error_code").orElse(null),
                        row.textIf("error_message").orElse(null),
                        row.number("created_ms") / 1000),
                row.text("sealed"),
                row.number("used_ms"));
    }
}
