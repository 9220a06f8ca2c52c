package entrepot.identity;

import entrepot.identity.Caller.Scope;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The rows of keys. */
final class KeyTable {

    /** A row, with what is not shown. */
    record Stored(Keys.Key key, byte[] hash, boolean guessable) {}

    private KeyTable() {}

    static void insert(Sql sql, Stored stored) throws SQLException {
        Keys.Key key = stored.key;
        sql.update(
                """
                insert into api_key (id, tenant, team, principal, name, prefix, hash, scopes,
                  guessable, created_millis, expires_millis)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                key.id(),
                key.tenant(),
                key.team(),
                key.principal(),
                key.name(),
                key.prefix(),
                stored.hash,
                written(key.scopes()),
                stored.guessable,
                key.createdAt().toEpochMilli(),
                millis(key.expiresAt()));
        countChange(sql);
    }

    static boolean revoke(Sql sql, String tenant, String keyId, long nowMillis)
            throws SQLException {
        int count =
                sql.update(
                        """
                        update api_key set revoked_millis = ?
                        where tenant = ? and id = ? and revoked_millis is null
                          and (expires_millis is null or expires_millis > ?)
                        """,
                        nowMillis,
                        tenant,
                        keyId,
                        nowMillis);
        if (count > 0) {
            countChange(sql);
        }
        return count > 0;
    }

    /** Keys that may be in force; what ended stays out of memory. */
    static List<Stored> inForce(Sql sql, long nowMillis) throws SQLException {
        return sql.query(
                """
                select * from api_key
                where revoked_millis is null and (expires_millis is null or expires_millis > ?)
                """,
                row -> new Stored(key(row), row.bytes("hash"), row.number("guessable") != 0),
                nowMillis);
    }

    static List<Keys.Key> ofTenant(Sql sql, String tenant) throws SQLException {
        return sql.query(
                "select * from api_key where tenant = ? order by id", KeyTable::key, tenant);
    }

    static long changes(Sql sql) throws SQLException {
        return sql.one("select count from api_key_change", row -> row.number("count")).orElse(-1L);
    }

    static void noteUses(Sql sql, Map<String, Long> usedMillis) throws SQLException {
        List<@Nullable Object[]> rows =
                usedMillis.entrySet().stream()
                        .map(use -> new @Nullable Object[] {use.getValue(), use.getKey()})
                        .toList();
        sql.updateAll("update api_key set used_millis = ? where id = ?", rows);
    }

    private static void countChange(Sql sql) throws SQLException {
        sql.update("update api_key_change set count = count + 1");
    }

    private static Keys.Key key(Sql.Row row) throws SQLException {
        return new Keys.Key(
                row.text("id"),
                row.text("tenant"),
                row.text("team"),
                row.text("principal"),
                row.text("name"),
                row.text("prefix"),
                read(row.text("scopes")),
                Instant.ofEpochMilli(row.number("created_millis")),
                instant(row, "expires_millis"),
                instant(row, "revoked_millis"),
                instant(row, "used_millis"));
    }

    private static @Nullable Instant instant(Sql.Row row, String column) throws SQLException {
        return row.numberIf(column).map(Instant::ofEpochMilli).orElse(null);
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }

    private static String written(Set<Scope> scopes) {
        return scopes.stream().sorted().map(Scope::name).collect(Collectors.joining(","));
    }

    private static Set<Scope> read(String written) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        Arrays.stream(written.split(","))
                .filter(name -> !name.isEmpty())
                .map(Scope::valueOf)
                .forEach(scopes::add);
        return scopes;
    }
}
