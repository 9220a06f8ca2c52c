package entrepot.identity;

import entrepot.store.Database;
import entrepot.store.Sql;

import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;

/** Tenants, and the teams and principals in them. They are named by whoever adds them. */
public final class Tenants {

    /** The tables of this package. */
    public static final Database.Migrations MIGRATIONS =
            new Database.Migrations("identity", "entrepot/identity/migrations");

    /** Safe in a path, a header and a log line. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    private final Database database;
    private final InstantSource clock;

    public Tenants(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Adds a tenant unless it is there. Returns whether it was new. */
    public boolean add(String tenant) {
        return database.once(sql -> add(sql, tenant, clock.millis()));
    }

    /**
     * Adds a team to a tenant unless it is there. Returns whether it was new.
     *
     * @throws IllegalArgumentException when there is no such tenant
     */
    public boolean addTeam(String tenant, String team) {
        return database.write(sql -> {
            require(sql, tenant);
            return addTeam(sql, tenant, team, clock.millis());
        });
    }

    /** All tenants, by name. */
    public List<String> all() {
        return database.read(
                sql -> sql.query("select id from tenant order by id", row -> row.text("id")));
    }

    /** A tenant's teams, by name. */
    public List<String> teams(String tenant) {
        return database.read(sql ->
                sql.query(
                        "select id from team where tenant = ? order by id",
                        row -> row.text("id"),
                        tenant));
    }

    static boolean add(Sql sql, String tenant, long nowMillis) throws SQLException {
        String insert =
                "insert into tenant (id, created_millis) values (?, ?) on conflict do nothing";
        return sql.update(insert, checked("tenant", tenant), nowMillis) == 1;
    }

    static boolean addTeam(Sql sql, String tenant, String team, long nowMillis)
            throws SQLException {
        String insert =
                "insert into team (tenant, id, created_millis) values (?, ?, ?)"
                        + " on conflict do nothing";
        return sql.update(insert, tenant, checked("team", team), nowMillis) == 1;
    }

    static boolean addPrincipal(Sql sql, String tenant, String principal, long nowMillis)
            throws SQLException {
        String insert =
                "insert into principal (tenant, id, created_millis) values (?, ?, ?)"
                        + " on conflict do nothing";
        return sql.update(insert, tenant, checked("principal", principal), nowMillis) == 1;
    }

    static void require(Sql sql, String tenant) throws SQLException {
        if (sql.one("select id from tenant where id = ?", _ -> true, tenant).isEmpty()) {
            throw new IllegalArgumentException(
                    "There is no tenant '" + tenant + "': add the tenant first.");
        }
    }

    static void requireTeam(Sql sql, String tenant, String team) throws SQLException {
        require(sql, tenant);
        String select = "select id from team where tenant = ? and id = ?";
        if (sql.one(select, _ -> true, tenant, team).isEmpty()) {
            throw new IllegalArgumentException(
                    "Tenant '" + tenant + "' has no team '" + team + "': add the team first.");
        }
    }

    private static String checked(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "The "
                            + what
                            + " name must be 1 to 64 letters, digits or . _ @ - and begin with a"
                            + " letter or digit.");
        }
        return name;
    }
}
