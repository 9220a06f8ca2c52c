package entrepot.runtime.vaults;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.runtime.agents.IdempotencyKeys;
import entrepot.store.Database;
import entrepot.store.Page;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The vaults of a tenant. Keys see their team's; keys that administer see all. Refusals are thrown
 * as {@code entrepot.conversation.Failed}.
 */
public final class Vaults {

    public static final Database.Migrations MIGRATIONS =
            new Database.Migrations("vaults", "entrepot/runtime/vaults/migrations");

    static final int VAULTS_MAX = 1_000;
    static final int CREDENTIALS_MAX = 200;

    private final Database database;
    private final IdempotencyKeys keys;
    private final Ids ids;
    private final Sealer sealer;
    private final String now;

    public Vaults(Database database, Ids ids, Sealer sealer) {
        this.database = database;
        this.keys = new IdempotencyKeys(database);
        this.ids = ids;
        this.sealer = sealer;
        this.now = database.engine().nowMillis();
    }

    /**
     * Seals headers or variables that a session's own tools bring with them; null for none.
     *
     * @see SealedPairs#open
     */
    public @Nullable String seal(Caller caller, Map<String, String> pairs) {
        return SealedPairs.seal(sealer, caller.tenant(), pairs);
    }

    /** A credential to keep. */
    public record NewCredential(
            String name, Map<String, String> metadata, Auth auth, Secrets secrets) {
        public NewCredential {
            metadata = Map.copyOf(metadata);
        }
    }

    /**
     * What to change of a credential.
     *
     * @param metadata null to keep it
     * @param auth gives the new method from the old; only what may change is changed
     * @param secrets those that are null are kept; null when none changes
     */
    public record Change(
            @Nullable Map<String, String> metadata,
            Function<Auth, Auth> auth,
            @Nullable Secrets secrets) {}

    // ---- vaults

    public Vault create(
            Caller caller,
            @Nullable String name,
            Map<String, String> metadata,
            @Nullable String idempotencyKey) {
        String made = ids.next("vault_");
        String pairs = VaultRows.write(metadata);
        String id =
                database.write(sql -> {
                    Optional<String> before =
                            keys.claim(
                                    sql,
                                    caller.tenant(),
                                    "vault.create",
                                    idempotencyKey,
                                    name + pairs,
                                    made);
                    if (before.isEmpty()) {
                        requireRoom(
                                sql,
                                "select count(*) n from vault where tenant = ?",
                                "vaults",
                                VAULTS_MAX,
                                caller.tenant());
                        sql.update(
                                "insert into vault (tenant, id, team, name, metadata, created_ms)"
                                        + " values (?, ?, ?, ?, ?, "
                                        + now
                                        + ")",
                                caller.tenant(),
                                made,
                                caller.team(),
                                name,
                                pairs);
                    }
                    return before.orElse(made);
                });
        return find(caller, id).orElseThrow(Vaults::missing);
    }

    public Optional<Vault> find(Caller caller, String vaultId) {
        return database.read(sql -> find(sql, caller, vaultId));
    }

    private static Optional<Vault> find(Sql sql, Caller caller, String vaultId)
            throws SQLException {
        return sql.one(
                VaultRows.VAULT + " where tenant = ? and id = ?" + ofTeam(caller),
                VaultRows::vault,
                withTeam(caller, caller.tenant(), vaultId));
    }

    private static void require(Sql sql, Caller caller, String vaultId) throws SQLException {
        if (find(sql, caller, vaultId).isEmpty()) {
            throw missing();
        }
    }

    private static String ofTeam(Caller caller) {
        return caller.may(Caller.Scope.ADMIN) ? "" : " and team = ?";
    }

    private static @Nullable Object[] withTeam(Caller caller, String... before) {
        List<@Nullable Object> all = new ArrayList<>(List.of((Object[]) before));
        if (!caller.may(Caller.Scope.ADMIN)) {
            all.add(caller.team());
        }
        return all.toArray();
    }

    /** Those with all these pairs. */
    public Page<Vault> list(Caller caller, Map<String, String> metadata, Page.Query query) {
        List<Vault> all =
                database.read(sql ->
                        sql.query(
                                VaultRows.VAULT
                                        + " where tenant = ?"
                                        + ofTeam(caller)
                                        + " order by id",
                                VaultRows::vault,
                                withTeam(caller, caller.tenant())));
        return page(
                all,
                Vault::id,
                vault -> vault.metadata().entrySet().containsAll(metadata.entrySet()),
                query);
    }

    /**
     * @param name gives the new name from the old
     * @param metadata null to keep it
     */
    public Vault update(
            Caller caller,
            String vaultId,
            Function<@Nullable String, @Nullable String> name,
            @Nullable Map<String, String> metadata) {
        database.write(sql -> {
            Vault old = find(sql, caller, vaultId).orElseThrow(Vaults::missing);
            return sql.update(
                    "update vault set name = ?, metadata = ? where tenant = ? and id = ?",
                    name.apply(old.name()),
                    VaultRows.write(metadata == null ? old.metadata() : metadata),
                    caller.tenant(),
                    vaultId);
        });
        return find(caller, vaultId).orElseThrow(Vaults::missing);
    }

    /** Deletes a vault and its credentials. Tokens elsewhere stay what they are. */
    public void delete(Caller caller, String vaultId) {
        database.write(sql -> {
            require(sql, caller, vaultId);
            sql.update(
                    "delete from vault_credential where tenant = ? and vault = ?",
                    caller.tenant(),
                    vaultId);
            return sql.update(
                    "delete from vault where tenant = ? and id = ?", caller.tenant(), vaultId);
        });
    }

    /**
     * @throws Failed when one of them is not there
     */
    public void require(Caller caller, List<String> vaultIds) {
        database.read(sql -> {
            for (String id : vaultIds) {
                if (find(sql, caller, id).isEmpty()) {
                    throw new Failed(
                            Failure.at(
                                    Failure.Cause.NOT_FOUND,
                                    "There is no vault " + id + ".",
                                    "vault_ids"));
                }
            }
            return true;
        });
    }

    // ---- credentials

    public Credential createCredential(
            Caller caller, String vaultId, NewCredential wanted, @Nullable String idempotencyKey) {
        String made = ids.next("cred_");
        String body =
                wanted.name()
                        + VaultRows.write(wanted.metadata())
                        + VaultRows.write(wanted.auth())
                        + seal(caller.tenant(), vaultId, "", wanted.secrets());
        String id =
                database.write(sql -> {
                    require(sql, caller, vaultId);
                    String scope = "credential.create/" + vaultId;
                    Optional<String> before =
                            keys.claim(sql, caller.tenant(), scope, idempotencyKey, body, made);
                    if (before.isEmpty()) {
                        requireRoom(
                                sql,
                                "select count(*) n from vault_credential where tenant = ? and"
                                        + " vault = ?",
                                "credentials in this vault",
                                CREDENTIALS_MAX,
                                caller.tenant(),
                                vaultId);
                        insert(sql, caller.tenant(), vaultId, made, wanted);
                    }
                    return before.orElse(made);
                });
        return findCredential(caller, vaultId, id).orElseThrow(Vaults::missing);
    }

    private void insert(Sql sql, String tenant, String vaultId, String id, NewCredential wanted)
            throws SQLException {
        sql.update(
                "insert into vault_credential (tenant, vault, id, name, metadata, auth, sealed,"
                        + " version, refreshing_ms, created_ms, updated_ms)"
                        + " values (?, ?, ?, ?, ?, ?, ?, 1, 0, "
                        + now
                        + ", "
                        + now
                        + ")",
                tenant,
                vaultId,
                id,
                wanted.name(),
                VaultRows.write(wanted.metadata()),
                VaultRows.write(wanted.auth()),
                seal(tenant, vaultId, id, wanted.secrets()));
    }

    private String seal(String tenant, String vaultId, String id, Secrets secrets) {
        return sealer.seal(place(tenant, vaultId, id), VaultRows.write(secrets));
    }

    static String place(String tenant, String vaultId, String id) {
        return "credential/" + tenant + "/" + vaultId + "/" + id;
    }

    public Optional<Credential> findCredential(Caller caller, String vaultId, String id) {
        return database.read(sql ->
                find(sql, caller, vaultId).isEmpty()
                        ? Optional.<Credential>empty()
                        : kept(sql, caller.tenant(), vaultId, id).map(VaultRows.Kept::credential));
    }

    static Optional<VaultRows.Kept> kept(Sql sql, String tenant, String vaultId, String id)
            throws SQLException {
        return sql.one(
                VaultRows.CREDENTIAL + " where tenant = ? and vault = ? and id = ?",
                VaultRows::credential,
                tenant,
                vaultId,
                id);
    }

    static List<VaultRows.Kept> kept(Sql sql, String tenant, String vaultId) throws SQLException {
        return sql.query(
                VaultRows.CREDENTIAL + " where tenant = ? and vault = ? order by id",
                VaultRows::credential,
                tenant,
                vaultId);
    }

    /** Those with all these pairs. */
    public Page<Credential> listCredentials(
            Caller caller, String vaultId, Map<String, String> metadata, Page.Query query) {
        List<VaultRows.Kept> all =
                database.read(sql -> {
                    require(sql, caller, vaultId);
                    return kept(sql, caller.tenant(), vaultId);
                });
        return page(
                all.stream().map(VaultRows.Kept::credential).toList(),
                Credential::id,
                one -> one.metadata().entrySet().containsAll(metadata.entrySet()),
                query);
    }

    /** Changes metadata and secrets; what it is for stays. */
    public Credential updateCredential(Caller caller, String vaultId, String id, Change change) {
        database.write(sql -> {
            require(sql, caller, vaultId);
            VaultRows.Kept old =
                    kept(sql, caller.tenant(), vaultId, id).orElseThrow(Vaults::missing);
            Credential before = old.credential();
            Secrets given = change.secrets();
            String sealed =
                    given == null
                            ? old.sealed()
                            : seal(
                                    caller.tenant(),
                                    vaultId,
                                    id,
                                    given.over(open(caller.tenant(), old)));
            return sql.update(
                    "update vault_credential set metadata = ?, auth = ?, sealed = ?,"
                            + " version = version + 1, updated_ms = "
                            + now
                            + " where tenant = ? and vault = ? and id = ?",
                    VaultRows.write(
                            change.metadata() == null ? before.metadata() : change.metadata()),
                    VaultRows.write(change.auth().apply(before.auth())),
                    sealed,
                    caller.tenant(),
                    vaultId,
                    id);
        });
        return findCredential(caller, vaultId, id).orElseThrow(Vaults::missing);
    }

    private Secrets open(String tenant, VaultRows.Kept kept) {
        Credential credential = kept.credential();
        try {
            return VaultRows.secrets(
                    sealer.open(
                            place(tenant, credential.vaultId(), credential.id()), kept.sealed()));
        } catch (Sealer.CannotOpen e) {
            return new Secrets(null, null, null); // Whatever is given now replaces it.
        }
    }

    public void deleteCredential(Caller caller, String vaultId, String id) {
        database.write(sql -> {
            require(sql, caller, vaultId);
            int gone =
                    sql.update(
                            "delete from vault_credential where tenant = ? and vault = ? and id ="
                                    + " ?",
                            caller.tenant(),
                            vaultId,
                            id);
            if (gone == 0) {
                throw missing();
            }
            return true;
        });
    }

    // ---- both

    private static void requireRoom(Sql sql, String counting, String what, int max, String... place)
            throws SQLException {
        long found = sql.one(counting, row -> row.number("n"), (Object[]) place).orElse(0L);
        if (found >= max) {
            throw new Failed(
                    Failure.of(
                            Failure.Cause.CONFLICT,
                            "There are already " + max + " " + what + ": delete some first."));
        }
    }

    private static <T> Page<T> page(
            List<T> oldestFirst, Function<T, String> id, Predicate<T> wanted, Page.Query query) {
        List<T> all = query.ascending() ? oldestFirst : oldestFirst.reversed();
        int from = 0;
        if (query.after() != null) {
            while (from < all.size() && !id.apply(all.get(from)).equals(query.after())) {
                from++;
            }
            if (from == all.size()) {
                throw missing();
            }
            from++;
        }
        List<T> found =
                all.subList(from, all.size()).stream()
                        .filter(wanted)
                        .limit(query.countMax() + 1L)
                        .toList();
        return Page.of(found, query.countMax());
    }

    private static Failed missing() {
        return new Failed(Failure.of(Failure.Cause.NOT_FOUND, "Resource not found."));
    }
}
