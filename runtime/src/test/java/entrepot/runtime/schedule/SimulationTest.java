package entrepot.runtime.schedule;

import entrepot.runtime.AgentRuntime;
import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/**
 * Histories from seeds, on the real tables: processes die before and after any write, freeze and
 * come back, lose answers; callers post, repeat themselves, cancel and answer at any moment. {@code
 * -Dsimulation.seeds=10000} runs more of them.
 */
class SimulationTest {

    private static final int SEEDS = Integer.getInteger("simulation.seeds", 200);
    private static final int MOMENTS = 40;

    @Test
    void theLawsHoldInEveryHistory(@TempDir Path folder) {
        try (Database database = TestDatabases.sqlite(folder)) {
            database.migrate(AgentRuntime.MIGRATIONS);
            Seeds.each(SEEDS, seeds -> live(seeds, database));
        }
    }

    private static void live(Seeds seeds, Database database) {
        World world = new World(seeds, database, "t" + seeds.seed());
        world.live(MOMENTS);
        world.settle();
        world.laws().hold();
    }
}
