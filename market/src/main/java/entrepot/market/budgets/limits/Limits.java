package entrepot.market.budgets.limits;

import entrepot.identity.Ids;
import entrepot.store.Database;
import entrepot.store.Page;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The limits of tenants, in the database: made, read, edited and ended. Nodes follow a change
 * within their next look at the count of changes. Editing never touches what was used.
 */
public final class Limits {

    /** The tables of this package and its parent. */
    public static final Database.Migrations MIGRATIONS =
            new Database.Migrations("limits", "entrepot/market/budgets/migrations");

    /** Every node holds them in memory. */
    public static final int LIMITS_PER_TENANT_MAX = 10_000;

    private final Database database;
    private final InstantSource clock;
    private final Ids ids;

    public Limits(Database database, InstantSource clock, Ids ids) {
        this.database = database;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Makes a limit. What was used before it was made does not count.
     *
     * @throws LimitInvalid when the tenant has too many, or the scope is another tenant
     */
    public Limit create(String tenant, NewLimit wanted) {
        if (wanted.scope().kind() == LimitScope.Kind.TENANT
                && !wanted.scope().id().equals(tenant)) {
            throw new LimitInvalid("scope.id", "it must be your own tenant, " + tenant + ".");
        }
        Limit limit = limit(tenant, ids.next("lim_"), wanted);
        database.write(sql -> insert(sql, limit));
        return limit;
    }

    private Limit limit(String tenant, String id, NewLimit wanted) {
        Instant now = now();
        return new Limit(
                id,
                tenant,
                wanted.name(),
                wanted.scope(),
                wanted.measure(),
                wanted.currency(),
                wanted.amount(),
                wanted.period(),
                wanted.zone(),
                wanted.hard(),
                wanted.alertPercents(),
                wanted.holdIfUnknown(),
                now,
                now,
                null);
    }

    private static Limit insert(Sql sql, Limit limit) throws SQLException {
        if (LimitTable.countInForce(sql, limit.tenant()) >= LIMITS_PER_TENANT_MAX) {
            throw new LimitInvalid(
                    "scope",
                    "the tenant has "
                            + LIMITS_PER_TENANT_MAX
                            + " limits, the most there may be: end one of them.");
        }
        LimitTable.insert(sql, limit);
        return limit;
    }

    /**
     * Has a limit under an id of its keeper's: makes it, or edits amount and hardness of the one
     * that is there. What was used stays. Again is as good as once.
     *
     * @throws LimitInvalid when the tenant has too many
     */
    public Limit keep(String tenant, String id, NewLimit wanted) {
        Limit found = get(tenant, id).orElse(null);
        if (found != null && isAs(found, wanted)) {
            return found;
        }
        return database.write(sql -> {
            Limit before = LimitTable.locked(sql, tenant, id).orElse(null);
            if (before == null) {
                return insert(sql, limit(tenant, id, wanted));
            }
            LimitPatch patch = new LimitPatch(null, wanted.amount(), wanted.hard(), null, null);
            Limit after = patch.applied(before, now());
            LimitTable.update(sql, after);
            return after;
        });
    }

    private static boolean isAs(Limit found, NewLimit wanted) {
        return found.amount().compareTo(wanted.amount()) == 0
                && found.hard() == wanted.hard()
                && found.endedAt() == null;
    }

    /** A limit of a tenant, ended or not. */
    public Optional<Limit> get(String tenant, String id) {
        return database.read(sql -> LimitTable.find(sql, tenant, id));
    }

    /**
     * A tenant's limits, oldest first.
     *
     * @param after the id before the first wanted one; null for the first
     * @param ended whether those that were ended are wanted too
     */
    public Page<Limit> list(String tenant, @Nullable String after, boolean ended, int countMax) {
        return Page.of(
                database.read(sql -> LimitTable.page(sql, tenant, after, ended, countMax + 1)),
                countMax);
    }

    /**
     * Changes what the patch names, and nothing else.
     *
     * @return empty when the tenant has no such limit in force
     * @throws LimitInvalid when a value cannot be
     */
    public Optional<Limit> patch(String tenant, String id, LimitPatch patch) {
        return database.write(sql -> {
            Limit before = LimitTable.locked(sql, tenant, id).orElse(null);
            if (before == null || before.endedAt() != null) {
                return Optional.empty();
            }
            Limit after = patch.applied(before, now());
            LimitTable.update(sql, after);
            return Optional.of(after);
        });
    }

    /** Ends a limit; its history stays. Returns whether the tenant had it in force. */
    public boolean end(String tenant, String id) {
        return database.write(sql -> LimitTable.end(sql, tenant, id, clock.millis()));
    }

    /** What is used in the period that is now. */
    public LimitUsage usage(Limit limit) {
        Period.Span span = limit.period().at(clock.instant(), limit.zone());
        return database.read(sql -> {
            LimitUsage none =
                    new LimitUsage(span, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, 0);
            return LimitTable.counts(sql, limit.tenant(), limit.id(), span.startMillis() + 1, 1)
                    .stream()
                    .filter(usage -> usage.span().startMillis() == span.startMillis())
                    .findFirst()
                    .orElse(none);
        });
    }

    /**
     * What was used by period, newest first; periods in which nothing was used are left out.
     *
     * @param startBefore only periods that begin before; null for all
     */
    public Page<LimitUsage> history(Limit limit, @Nullable Instant startBefore, int countMax) {
        long before = startBefore == null ? Long.MAX_VALUE : startBefore.toEpochMilli();
        return Page.of(
                database.read(sql ->
                        LimitTable.counts(sql, limit.tenant(), limit.id(), before, countMax + 1)),
                countMax);
    }

    /** How often limits were changed, of any tenant. */
    public long changes() {
        return database.read(LimitTable::changes);
    }

    /** All limits in force, of all tenants, with the count of changes they are as of. */
    public Snapshot snapshot() {
        return database.read(
                sql -> new Snapshot(LimitTable.changes(sql), LimitTable.allInForce(sql)));
    }

    /** As the database keeps it. */
    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    /**
     * All limits at one moment.
     *
     * @param changes how often they had been changed
     */
    public record Snapshot(long changes, List<Limit> limits) {
        public Snapshot {
            limits = List.copyOf(limits);
        }
    }
}
