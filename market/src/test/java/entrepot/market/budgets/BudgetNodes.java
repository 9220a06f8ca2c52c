package entrepot.market.budgets;

import entrepot.identity.Caller;
import entrepot.identity.testing.CountingIds;
import entrepot.market.Money;
import entrepot.market.budgets.limits.Limit;
import entrepot.market.budgets.limits.LimitScope;
import entrepot.market.budgets.limits.LimitScope.Kind;
import entrepot.market.budgets.limits.Limits;
import entrepot.market.budgets.limits.Measure;
import entrepot.market.budgets.limits.NewLimit;
import entrepot.market.budgets.limits.Period;
import entrepot.store.Database;
import entrepot.testkit.SettableClock;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** Some nodes on one database, and the words to try them with. */
final class BudgetNodes implements AutoCloseable {

    static final String TENANT = "acme";

    /** Refusals are not remembered, so that what comes back is seen at once. */
    static final BudgetSettings SETTINGS = new BudgetSettings(60_000, 5, 20, 0, 2_000, 30_000);

    final SettableClock clock = SettableClock.at("2026-04-12T09:30:00Z");
    final Queue<Alert> alerts = new ConcurrentLinkedQueue<>();
    final Database database;
    final Limits limits;
    final List<Budgets> nodes = new ArrayList<>();
    private final List<Database> opened = new ArrayList<>();
    private final CountingIds ids = new CountingIds();

    /**
     * @param open gives each node its way to the one database; the same where there is but one
     */
    BudgetNodes(Supplier<Database> open, int count, BudgetSettings settings) {
        database = open.get();
        opened.add(database);
        database.migrate(List.of(Limits.MIGRATIONS));
        limits = new Limits(database, clock, ids);
        for (int i = 0; i < count; i++) {
            Database own = open.get();
            if (!opened.contains(own)) {
                opened.add(own);
            }
            nodes.add(node("node-" + i, own, settings));
        }
    }

    Budgets node(String name, Database own, BudgetSettings settings) {
        return Budgets.open(
                new Budgets.Parts(own, new Limits(own, clock, ids), name, clock, ids, alerts::add),
                settings);
    }

    Limit limit(Kind kind, String id, Measure measure, String amount, Period period) {
        return limit(kind, id, measure, amount, period, true);
    }

    Limit limit(Kind kind, String id, Measure measure, String amount, Period period, boolean hard) {
        Limit made =
                limits.create(
                        TENANT,
                        new NewLimit(
                                "a limit",
                                new LimitScope(kind, id),
                                measure,
                                measure == Measure.MONEY ? "USD" : null,
                                new BigDecimal(amount),
                                period,
                                ZoneOffset.UTC,
                                hard,
                                List.of(50, 100),
                                null));
        nodes.forEach(Budgets::refresh);
        return made;
    }

    Claim claim(String order, @Nullable String dollars, @Nullable Long tokens) {
        return new Claim(
                order,
                1,
                new Caller(TENANT, "research", "ada", "key_1", Set.of()),
                "apollo",
                "sess_2",
                "sess_1",
                dollars == null ? null : List.of(Money.of(dollars, "USD")),
                tokens,
                clock.instant());
    }

    static Money usd(String amount) {
        return Money.of(amount, "USD");
    }

    BigDecimal settled(Limit limit) {
        return limits.usage(limit).settled();
    }

    /** Lets the tenure of a killed node end. */
    void outlive(Budgets node) {
        String name = "node-" + nodes.indexOf(node);
        database.write(sql ->
                sql.update("update limit_node set tenure_ends_millis = 1 where name = ?", name));
    }

    /** How many shares nodes have, be they dead. */
    int shares() {
        return database.read(
                        sql -> sql.query("select node from limit_share", row -> row.text("node")))
                .size();
    }

    @Override
    public void close() {
        nodes.forEach(Budgets::close);
        opened.forEach(Database::close);
    }
}
