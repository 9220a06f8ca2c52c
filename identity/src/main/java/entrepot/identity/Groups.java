package entrepot.identity;

import entrepot.store.Database;

import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Groups of principals within a tenant, for access lists of company data. A principal is in one
 * team by its key, and in any number of groups. A group is there as long as it has a member.
 */
public final class Groups {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");
    private static final int LISTED_MAX = 10_000;

    private final Database database;
    private final InstantSource clock;

    public Groups(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** That a principal is in a group. */
    public record Member(String group, String principal) {}

    /**
     * Puts a principal into a group. Returns whether it was not in it before.
     *
     * @throws IllegalArgumentException when one of the names cannot be used
     */
    public boolean add(String tenant, String group, String principal) {
        check("group", group);
        check("principal", principal);
        long now = clock.millis();
        return database.once(sql ->
                sql.update(
                        "insert into group_member (tenant, group_name, principal,"
                                + " added_millis) values (?, ?, ?, ?) on conflict do nothing",
                        tenant,
                        group,
                        principal,
                        now))
                == 1;
    }

    /** Takes a principal out of a group. Returns whether it was in it. */
    public boolean remove(String tenant, String group, String principal) {
        return database.once(sql ->
                sql.update(
                        "delete from group_member where tenant = ? and group_name = ?"
                                + " and principal = ?",
                        tenant,
                        group,
                        principal))
                == 1;
    }

    /** The groups that a principal is in, by name. */
    public List<String> of(String tenant, String principal) {
        return database.read(sql ->
                sql.query(
                        "select group_name from group_member where tenant = ? and principal = ?"
                                + " order by group_name",
                        row -> row.text("group_name"),
                        tenant,
                        principal));
    }

    /** A tenant's members of groups, by group and name; the first {@value #LISTED_MAX}. */
    public List<Member> members(String tenant) {
        return database.read(sql ->
                sql.query(
                        "select group_name, principal from group_member where tenant = ?"
                                + " order by group_name, principal limit "
                                + LISTED_MAX,
                        row -> new Member(row.text("group_name"), row.text("principal")),
                        tenant));
    }

    private static void check(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "The "
                            + what
                            + " name must be 1 to 64 letters, digits or . _ @ - and begin with a"
                            + " letter or digit.");
        }
    }
}
