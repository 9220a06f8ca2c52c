package entrepot.market.terms;

import entrepot.identity.Caller;
import entrepot.market.Receipt.Verdict;
import entrepot.store.Database;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What tenants agreed to: rows that are never changed, answered from memory. */
public final class Acceptances implements AutoCloseable {

    /** The tables of this package. */
    public static final Database.Migrations MIGRATIONS =
            new Database.Migrations("terms", "entrepot/market/terms/migrations");

    private final Database database;
    private final InstantSource clock;
    private final Mirror<Map<Name, Held>> mirror;

    /**
     * @param database whose {@link #MIGRATIONS} have run
     */
    public Acceptances(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        this.mirror = new Mirror<>("acceptances", database, Acceptances::load);
    }

    /**
     * Accepts a version for the caller's tenant; durable when this returns. Who accepted first
     * stands.
     */
    public Acceptance accept(Caller caller, String terms, String version) {
        long now = clock.millis();
        database.write(sql -> {
            int added =
                    sql.update(
                            """
                            insert into terms_acceptance (tenant, terms, version, accepted_millis,
                              principal, key_id)
                            values (?, ?, ?, ?, ?, ?) on conflict do nothing
                            """,
                            caller.tenant(),
                            terms,
                            version,
                            now,
                            caller.principal(),
                            caller.keyId());
            if (added > 0) {
                mirror.countChange(sql);
            }
            return added;
        });
        mirror.refresh();
        Acceptance accepted = find(caller.tenant(), terms, version);
        if (accepted == null) {
            throw new IllegalStateException("an acceptance that was written is not there");
        }
        return accepted;
    }

    public @Nullable Acceptance find(String tenant, String terms, String version) {
        Held held = held(tenant, terms, version);
        return held == null ? null : held.acceptance;
    }

    /** Everything that a tenant accepted, oldest first. */
    public List<Acceptance> of(String tenant) {
        return database.read(sql ->
                sql.query(
                        "select * from terms_acceptance where tenant = ?"
                                + " order by accepted_millis, terms, version",
                        Acceptances::row,
                        tenant));
    }

    /** Reads again what any node has added. */
    public void refresh() {
        mirror.refresh();
    }

    /** Refreshes now and then until closed. */
    public Acceptances refreshEvery(long periodMillis) {
        mirror.refreshEvery(periodMillis);
        return this;
    }

    @Override
    public void close() {
        mirror.close();
    }

    @Nullable Held held(String tenant, String terms, String version) {
        return mirror.get().get(new Name(tenant, terms, version));
    }

    private static Map<Name, Held> load(Sql sql) throws SQLException {
        var all = new HashMap<Name, Held>();
        for (Acceptance each : sql.query("select * from terms_acceptance", Acceptances::row)) {
            all.put(new Name(each.tenant(), each.terms(), each.version()), Held.of(each));
        }
        return all;
    }

    private static Acceptance row(Sql.Row row) throws SQLException {
        return new Acceptance(
                row.text("tenant"),
                row.text("terms"),
                row.text("version"),
                Instant.ofEpochMilli(row.number("accepted_millis")),
                row.text("principal"),
                row.text("key_id"));
    }

    private record Name(String tenant, String terms, String version) {}

    /** An acceptance with what the gate says of it. */
    record Held(Acceptance acceptance, Verdict verdict) {

        static Held of(Acceptance acceptance) {
            String reason =
                    "%s accepted version %s of %s on %s"
                            .formatted(
                                    acceptance.principal(),
                                    acceptance.version(),
                                    acceptance.terms(),
                                    acceptance.acceptedAt());
            return new Held(acceptance, new Verdict(AgreementGate.NAME, true, reason));
        }
    }
}
