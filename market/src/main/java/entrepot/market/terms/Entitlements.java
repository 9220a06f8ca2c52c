package entrepot.market.terms;

import entrepot.identity.Audit;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.market.Receipt.Verdict;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.ModelNames;
import entrepot.market.terms.Entitlement.Holder;
import entrepot.market.terms.Entitlement.Kind;
import entrepot.store.Database;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Who may use which models: granted and ended, never changed, answered from memory. */
public final class Entitlements implements AutoCloseable {

    /** In force at once, for one tenant. */
    private static final int ENTITLEMENTS_PER_TENANT_MAX = 1_000;

    private static final String REVOKE =
            "update entitlement set revoked_millis = ?, revoked_by = ?"
                    + " where tenant = ? and id = ? and revoked_millis is null returning *";

    private final Parts parts;
    private final Mirror<Map<String, Granted>> mirror;

    /**
     * What entitlements need of the rest.
     *
     * @param database whose {@link Acceptances#MIGRATIONS} have run
     */
    public record Parts(
            Database database,
            Supplier<Catalogue> catalogue,
            Audit audit,
            InstantSource clock,
            Ids ids) {}

    public Entitlements(Parts parts) {
        this.parts = parts;
        this.mirror = new Mirror<>("entitlements", parts.database(), Entitlements::load);
    }

    /**
     * Grants, for the caller's tenant; durable when this returns. What is granted already stands.
     *
     * @throws IllegalArgumentException when no model is meant, or there are too many entitlements
     */
    public Entitlement grant(Caller caller, Holder holder, String models) {
        String problem = ModelNames.problem(models, parts.catalogue().get());
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        Instant now = Instant.ofEpochMilli(parts.clock().millis());
        var made =
                new Entitlement(
                        parts.ids().next("ent_"),
                        caller.tenant(),
                        holder,
                        models,
                        now,
                        caller.principal(),
                        null,
                        null);
        Optional<Entitlement> before =
                parts.database()
                        .write(sql -> {
                            Optional<Entitlement> same = same(sql, made);
                            if (same.isEmpty()) {
                                insert(sql, made);
                                mirror.countChange(sql);
                            }
                            return same;
                        });
        mirror.refresh();
        if (before.isEmpty()) {
            audit(caller, "entitlement.grant", made);
        }
        return before.orElse(made);
    }

    /** Ends one of the caller's tenant. Returns null when there was none in force of that id. */
    public @Nullable Entitlement revoke(Caller caller, String id) {
        long now = parts.clock().millis();
        Optional<Entitlement> revoked =
                parts.database()
                        .write(sql -> {
                            Optional<Entitlement> ended =
                                    sql.one(
                                            REVOKE,
                                            Entitlements::row,
                                            now,
                                            caller.principal(),
                                            caller.tenant(),
                                            id);
                            if (ended.isPresent()) {
                                mirror.countChange(sql);
                            }
                            return ended;
                        });
        mirror.refresh();
        revoked.ifPresent(ended -> audit(caller, "entitlement.revoke", ended));
        return revoked.orElse(null);
    }

    /** All of a tenant that are in force, oldest first. */
    public List<Entitlement> of(String tenant) {
        Granted granted = mirror.get().get(tenant);
        return granted == null
                ? List.of()
                : granted.all().stream().filter(each -> each.revokedAt() == null).toList();
    }

    /** Whether the tenant ever granted anything: what was not granted is then refused. */
    public boolean used(String tenant) {
        return mirror.get().containsKey(tenant);
    }

    /** Whether no tenant ever granted anything. */
    boolean isEmpty() {
        return mirror.get().isEmpty();
    }

    /** Reads again what any node has changed. */
    public void refresh() {
        mirror.refresh();
    }

    /** Refreshes now and then until closed. */
    public Entitlements refreshEvery(long periodMillis) {
        mirror.refreshEvery(periodMillis);
        return this;
    }

    @Override
    public void close() {
        mirror.close();
    }

    /** Null when the tenant never granted anything. */
    @Nullable Granted granted(String tenant) {
        return mirror.get().get(tenant);
    }

    /** Whether what was granted covers a model now. */
    boolean covers(String models, String model) {
        return ModelNames.covers(models, model)
                || model.equals(parts.catalogue().get().aliases().get(models));
    }

    Instant now() {
        return parts.clock().instant();
    }

    private void audit(Caller caller, String act, Entitlement entitlement) {
        parts.audit()
                .record(
                        new Audit.Entry(
                                parts.clock().instant(),
                                caller.tenant(),
                                caller.principal(),
                                act,
                                Map.of(
                                        "id",
                                        entitlement.id(),
                                        "holder",
                                        entitlement.holder().toString(),
                                        "models",
                                        entitlement.models(),
                                        "keyId",
                                        caller.keyId())));
    }

    private static Optional<Entitlement> same(Sql sql, Entitlement wanted) throws SQLException {
        List<Entitlement> inForce =
                sql.query(
                        "select * from entitlement where tenant = ? and revoked_millis is null",
                        Entitlements::row,
                        wanted.tenant());
        if (inForce.size() >= ENTITLEMENTS_PER_TENANT_MAX) {
            throw new IllegalArgumentException(
                    "There are "
                            + inForce.size()
                            + " entitlements in force, the most there may be: grant vendor/* or"
                            + " revoke some.");
        }
        return inForce.stream()
                .filter(each -> each.holder().equals(wanted.holder()))
                .filter(each -> each.models().equals(wanted.models()))
                .findFirst();
    }

    private static void insert(Sql sql, Entitlement made) throws SQLException {
        sql.update(
                """
                insert into entitlement (id, tenant, holder_kind, holder, models, granted_millis,
                  granted_by)
                values (?, ?, ?, ?, ?, ?, ?)
                """,
                made.id(),
                made.tenant(),
                made.holder().kind().word(),
                made.holder().name(),
                made.models(),
                made.grantedAt().toEpochMilli(),
                made.grantedBy());
    }

    private static Map<String, Granted> load(Sql sql) throws SQLException {
        var byTenant = new HashMap<String, List<Entitlement>>();
        for (Entitlement each :
                sql.query("select * from entitlement order by id", Entitlements::row)) {
            byTenant.computeIfAbsent(each.tenant(), _ -> new ArrayList<>()).add(each);
        }
        var granted = new HashMap<String, Granted>();
        byTenant.forEach((tenant, all) -> granted.put(tenant, Granted.of(all)));
        return granted;
    }

    private static Entitlement row(Sql.Row row) throws SQLException {
        Kind kind = Kind.valueOf(row.text("holder_kind").toUpperCase(Locale.ROOT));
        return new Entitlement(
                row.text("id"),
                row.text("tenant"),
                new Holder(kind, row.text("holder")),
                row.text("models"),
                Instant.ofEpochMilli(row.number("granted_millis")),
                row.text("granted_by"),
                row.numberIf("revoked_millis").map(Instant::ofEpochMilli).orElse(null),
                row.textIf("revoked_by").orElse(null));
    }

    /** One entitlement with what the gate says of it. */
    record Held(Entitlement entitlement, Verdict verdict) {}

    /** All that a tenant ever granted. */
    record Granted(List<Entitlement> all, Instant first, Map<Holder, List<Held>> byHolder) {

        static Granted of(List<Entitlement> all) {
            var byHolder = new HashMap<Holder, List<Held>>();
            Instant first = Instant.MAX;
            for (Entitlement each : all) {
                String reason = each.models() + " is granted to " + each.holder();
                var verdict = new Verdict(EntitlementGate.NAME, true, reason, each.id(), null);
                byHolder.computeIfAbsent(each.holder(), _ -> new ArrayList<>())
                        .add(new Held(each, verdict));
                first = each.grantedAt().isBefore(first) ? each.grantedAt() : first;
            }
            return new Granted(List.copyOf(all), first, byHolder);
        }

        List<Held> of(Holder holder) {
            return byHolder.getOrDefault(holder, List.of());
        }
    }
}
