package entrepot.identity;

import entrepot.identity.Caller.Scope;
import entrepot.store.Database;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;

/**
 * What an empty database gets: one tenant, team and principal, and one key that may do everything.
 * There is no default key, so a fresh installation is open to nobody but who reads its output.
 */
public final class FirstStart {

    public static final String TENANT = "default";
    public static final String TEAM = "default";
    public static final String PRINCIPAL = "admin";

    private final Database database;
    private final StoredKeys keys;
    private final InstantSource clock;

    public FirstStart(Database database, StoredKeys keys, InstantSource clock) {
        this.database = database;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Makes them, if no node ever has, and reads the keys in.
     *
     * @param chosen the secret of the key if the settings give one; null for a random one
     * @return the key, on the one node that made it; its secret is never to be had again
     */
    public Optional<Keys.Issued> run(@Nullable Secret chosen) {
        Instant now = clock.instant();
        Secret secret = chosen == null ? keys.newSecret() : chosen;
        Keys.NewKey key =
                new Keys.NewKey(
                        TENANT, TEAM, PRINCIPAL, "first start", EnumSet.allOf(Scope.class), null);
        KeyTable.Stored stored = keys.stored(key, secret, now);
        boolean first =
                database.write(sql -> {
                    String claim =
                            "insert into first_start (one, done_millis) values (1, ?)"
                                    + " on conflict do nothing";
                    if (sql.update(claim, now.toEpochMilli()) == 0) {
                        return false;
                    }
                    Tenants.add(sql, TENANT, now.toEpochMilli());
                    Tenants.addTeam(sql, TENANT, TEAM, now.toEpochMilli());
                    Tenants.addPrincipal(sql, TENANT, PRINCIPAL, now.toEpochMilli());
                    KeyTable.insert(sql, stored);
                    return true;
                });
        keys.refresh();
        return first ? Optional.of(new Keys.Issued(stored.key(), secret)) : Optional.empty();
    }
}
