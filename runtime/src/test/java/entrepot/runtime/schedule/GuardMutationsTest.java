package entrepot.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.runtime.AgentRuntime;
import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;

/**
 * Proves the proof: an engine without one of its guards breaks a law in some history, and the same
 * engine with it breaks none. The grace after an outage has histories of its own, {@link
 * OutageTest}.
 */
class GuardMutationsTest {

    private static final int SEEDS_MAX = 150;
    private static final int MOMENTS = 40;

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource(Guard.class)
    void anEngineWithoutThisGuardBreaksALaw(Guard guard) {
        try (Database database = TestDatabases.sqlite(folder)) {
            database.migrate(AgentRuntime.MIGRATIONS);
            if (guard == Guard.HEAD) {
                withoutTheSecondFence(database);
            }
            Broken broken = firstBroken(database, guard.off(database));
            assertThat(broken)
                    .as("%s was taken out, and %d histories show nothing", guard, SEEDS_MAX)
                    .isNotNull();
            System.out.println(guard + " is missed: " + broken);
        }
    }

    /** The head alone holds the line: facts have no key here, and writes come twice. */
    @Test
    void theHeadHoldsWithoutTheKeyOfFacts() {
        try (Database database = TestDatabases.sqlite(folder)) {
            database.migrate(AgentRuntime.MIGRATIONS);
            withoutTheSecondFence(database);
            assertThat(firstBroken(database, database)).isNull();
        }
    }

    private record Broken(long seed, String why) {}

    private static @Nullable Broken firstBroken(Database database, Database engines) {
        for (long seed = 1; seed <= SEEDS_MAX; seed++) {
            World world = new World(new Seeds(seed), database, engines, "t" + seed);
            try {
                world.live(MOMENTS);
                world.settle();
                world.laws().hold();
            } catch (AssertionError | RuntimeException e) {
                return new Broken(
                        seed,
                        String.valueOf(e.getMessage())
                                .strip()
                                .lines()
                                .findFirst()
                                .orElse(e.getClass().getName()));
            }
        }
        return null;
    }

    /** {@code fact} without its primary key, which would refuse what the head lets through. */
    private static void withoutTheSecondFence(Database database) {
        database.write(sql -> {
            sql.update("alter table fact rename to fact_with_key");
            sql.update("create table fact as select * from fact_with_key");
            sql.update("create index fact_place on fact (tenant, session, seq)");
            return sql.update("drop table fact_with_key");
        });
    }
}
