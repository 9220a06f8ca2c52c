package entrepot.market.budgets;

import entrepot.store.Database;
import entrepot.store.DatabaseSettings;
import entrepot.store.Databases;
import entrepot.store.testing.TestDatabases;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * R62, R63, R64: however many orders at once on however many nodes, however they end, a budget is
 * never exceeded, and nothing stays held. Longer with {@code -Dbudgets.seeds=} and {@code
 * -Dbudgets.orders=}.
 */
class ParallelOrdersTest {

    private static final int SEEDS = Integer.getInteger("budgets.seeds", 4);
    private static final int ORDERS_EACH = Integer.getInteger("budgets.orders", 15);

    @TempDir private Path folder;

    @Test
    void neverExceedABudgetOnSqlite() {
        Seeds.each(
                SEEDS,
                seeds -> {
                    Path own = Files.createDirectory(folder.resolve("seed-" + seeds.seed()));
                    Database only = TestDatabases.sqlite(own);
                    ParallelOrders.run(seeds, () -> only, ORDERS_EACH);
                });
    }

    @Test
    void neverExceedABudgetOnPostgres() {
        Seeds.each(
                SEEDS,
                seeds -> {
                    DatabaseSettings one = TestDatabases.postgresSettings();
                    ParallelOrders.run(seeds, () -> Databases.open(one), ORDERS_EACH);
                });
    }
}
