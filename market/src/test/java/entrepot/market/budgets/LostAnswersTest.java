package entrepot.market.budgets;

import static entrepot.market.budgets.BudgetNodes.usd;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.market.budgets.limits.Limit;
import entrepot.market.budgets.limits.LimitScope.Kind;
import entrepot.market.budgets.limits.Measure;
import entrepot.market.budgets.limits.Period;
import entrepot.store.Database;
import entrepot.store.DatabaseFailed;
import entrepot.store.testing.TestDatabases;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Whatever becomes of the answers to commits, each settlement is written once. */
class LostAnswersTest {

    private static final int SEEDS = Integer.getInteger("budgets.seeds", 2);

    @TempDir private Path folder;

    @Test
    void bookEachSettlementOnce() {
        Seeds.each(
                SEEDS,
                seeds -> {
                    Path own = Files.createDirectory(folder.resolve("seed-" + seeds.seed()));
                    var database = new Unsure(TestDatabases.sqlite(own), seeds.random());
                    try (var world = new BudgetNodes(() -> database, 2, BudgetNodes.SETTINGS)) {
                        run(seeds, world, database);
                    }
                });
    }

    private static void run(Seeds seeds, BudgetNodes world, Unsure database) throws Exception {
        Limit limit = world.limit(Kind.TEAM, "research", Measure.MONEY, "40", Period.MONTH);
        BigDecimal settled = BigDecimal.ZERO;
        var open = new ArrayList<Hold>();
        database.failsOneIn = 3;
        for (int i = 0; i < 40; i++) {
            Budgets node = world.nodes.get(0);
            try {
                open.add(node.hold(world.claim("ord_" + i, "1", 0L)));
            } catch (Failed unanswered) {
                assertThat(unanswered.failure().cause()).isEqualTo(Cause.UNAVAILABLE);
            } catch (LimitReached reached) {
                assertThat(settled.add(BigDecimal.valueOf(open.size())))
                        .as("held or settled when refused")
                        .isPositive();
            }
            if (!open.isEmpty() && seeds.oneIn(2)) {
                BigDecimal actual = BigDecimal.valueOf(seeds.upTo(100), 2);
                node.settle(open.removeLast(), usd(actual.toPlainString()), 0L);
                settled = settled.add(actual);
            }
        }
        open.forEach(world.nodes.get(0)::release);
        assertThat(world.nodes.get(0).flush()).isTrue();
        database.failsOneIn = 0;
        assertThat(world.settled(limit)).isEqualByComparingTo(settled);
        long end = System.nanoTime() + 30_000_000_000L;
        while (world.shares() > 0) {
            assertThat(System.nanoTime()).as("time").isLessThan(end);
            Thread.onSpinWait();
        }
        BigDecimal rest = limit.amount().subtract(settled);
        world.nodes.get(1).hold(world.claim("ord_last", rest.toPlainString(), 0L));
    }

    /** A database whose answers get lost, after the commit or before. */
    private static final class Unsure implements Database {
        private final Database database;
        private final RandomGenerator random;
        private volatile int failsOneIn;

        Unsure(Database database, RandomGenerator random) {
            this.database = database;
            this.random = random;
        }

        @Override
        public Engine engine() {
            return database.engine();
        }

        @Override
        public <T> T read(Work<T> work) {
            return database.read(work);
        }

        @Override
        public synchronized <T> T write(Work<T> work) {
            int fate = failsOneIn == 0 ? 3 : random.nextInt(3 * failsOneIn); // 0 to 2: it fails
            if (fate == 0) {
                throw new DatabaseFailed(DatabaseFailed.Kind.UNAVAILABLE, "not there", null);
            }
            if (fate == 1) {
                throw new DatabaseFailed(DatabaseFailed.Kind.UNKNOWN_OUTCOME, "lost", null);
            }
            T result = database.write(work);
            if (fate == 2) {
                throw new DatabaseFailed(DatabaseFailed.Kind.UNKNOWN_OUTCOME, "done", null);
            }
            return result;
        }

        @Override
        public <T> T once(Work<T> work) {
            return database.once(work);
        }

        @Override
        public void migrate(List<Migrations> features) {
            database.migrate(features);
        }

        @Override
        public void close() {
            database.close();
        }
    }
}
