package entrepot.market.budgets;

import static entrepot.market.budgets.BudgetNodes.usd;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.market.Money;
import entrepot.market.budgets.limits.LimitScope.Kind;
import entrepot.market.budgets.limits.Measure;
import entrepot.market.budgets.limits.Period;
import entrepot.store.testing.TestDatabases;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/** What a hold and its settlement cost while shares suffice, with three limits in play. */
class HotPathTest {

    private static final int LOOPS = Integer.getInteger("budgets.loops", 20_000);

    @TempDir private Path folder;

    @Test
    void asksTheDatabaseRarelyWhileSharesSuffice() throws Exception {
        var database = TestDatabases.sqlite(folder);
        try (var world = new BudgetNodes(() -> database, 1, BudgetSettings.DEFAULT)) {
            world.limit(Kind.TEAM, "research", Measure.MONEY, "1000000", Period.MONTH);
            world.limit(Kind.KEY, "key_1", Measure.TOKENS, "1000000000000", Period.DAY);
            world.limit(Kind.TREE, "sess_1", Measure.CONCURRENCY, "50", Period.NONE);
            Budgets node = world.nodes.getFirst();
            Claim claim = world.claim("ord_1", "0.0125", 3_000L);
            Money cost = usd("0.00371");
            for (int round = 0; round < 3; round++) {
                long drawnBefore = node.draws();
                long cpuBefore = cpuNanos();
                for (int i = 0; i < LOOPS; i++) {
                    node.settle(node.hold(claim), cost, 900L);
                }
                long nanosEach = (cpuNanos() - cpuBefore) / LOOPS;
                long draws = node.draws() - drawnBefore;
                System.getLogger("budgets")
                        .log(
                                System.Logger.Level.INFO,
                                "hold and settle, 3 limits: {0} ns of CPU, {1} draws in {2}",
                                nanosEach,
                                draws,
                                LOOPS);
                assertThat(draws).isLessThan(LOOPS / 50);
            }
            assertThat(node.flush()).isTrue();
        }
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
