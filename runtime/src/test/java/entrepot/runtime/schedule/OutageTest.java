package entrepot.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.identity.testing.CountingIds;
import entrepot.runtime.AgentRuntime;
import entrepot.runtime.journal.SessionKey;
import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;
import entrepot.testkit.Seeds;
import entrepot.testkit.SettableClock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The database is away for longer than every lease, and comes back: nodes find it again one by one.
 * Whoever lives keeps what it holds; what a dead node held goes on elsewhere.
 */
class OutageTest {

    private static final int SEEDS = 200;
    private static final int NODES = 3;
    private static final int BEATS = 12;

    @TempDir Path folder;

    /** Guard: the grace after an outage. A late beat is valid, and nobody reaps right away. */
    @Test
    void aNodeThatComesBackLateKeepsItsWork() {
        assertThat(firstRobbed(4)).as("seed in which a living node lost its work").isZero();
    }

    @Test
    void withoutTheGraceALivingNodeLosesItsWork() {
        assertThat(firstRobbed(0)).as("no history shows that the grace is missing").isPositive();
    }

    /**
     * @return the first seed in which a living node lost its work; 0 for none
     */
    private long firstRobbed(int beatsBeforeReaping) {
        try (Database database = TestDatabases.sqlite(folder)) {
            database.migrate(AgentRuntime.MIGRATIONS);
            for (long seed = 1; seed <= SEEDS; seed++) {
                if (isRobbed(new Seeds(seed), database, beatsBeforeReaping)) {
                    return seed;
                }
            }
            return 0;
        }
    }

    private static boolean isRobbed(Seeds seeds, Database database, int beatsBeforeReaping) {
        var settings = new ScheduleSettings(8, 1_000, 4_000, 100, 5_000, beatsBeforeReaping);
        Leases leases = new Leases(database);
        database.once(sql -> sql.update("delete from node"));
        List<Life> nodes = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            nodes.add(new Life(seeds, leases, settings, "n" + seeds.seed() + "-" + i));
        }
        SessionKey key = new SessionKey("t" + seeds.seed(), "sess");
        Life owner = seeds.pick(nodes);
        own(database, key, owner.membership.node());
        Life dead = seeds.pick(nodes);
        database.once(sql -> sql.update("update node set expires_ms = 0"));
        for (Life node : nodes) {
            node.clock.advanceMillis(settings.ttlMillis() + 1);
            node.awayBeats = seeds.upTo(3);
        }
        for (int beat = 0; beat < BEATS; beat++) {
            for (Life node : nodes) {
                node.clock.advance(Duration.ofSeconds(1));
                if (node != dead) {
                    node.keep();
                }
            }
        }
        boolean kept = isOwned(database, key);
        if (owner == dead) {
            assertThat(kept).as("what the dead node held is free").isFalse();
            return false;
        }
        return !kept;
    }

    /** A node's keeper, beat by beat. */
    private static final class Life {
        private final SettableClock clock = new SettableClock(java.time.Instant.EPOCH);
        private final Leases leases;
        private final Membership membership;
        private int awayBeats;

        Life(Seeds seeds, Leases leases, ScheduleSettings settings, String name) {
            this.leases = leases;
            this.membership = new Membership(leases, new CountingIds(name), clock, settings);
            membership.join();
            for (int i = seeds.upTo(9); i >= 0; i--) {
                clock.advance(Duration.ofSeconds(1));
                membership.beat();
            }
        }

        /** As {@link Scheduler} does; while the database is away for this node, it fails. */
        void keep() {
            if (awayBeats-- > 0) {
                membership.missed();
                return;
            }
            membership.beat();
            if (membership.mayReap()) {
                leases.reap();
            }
        }
    }

    private static void own(Database database, SessionKey key, String node) {
        database.once(sql ->
                sql.update(
                        "insert into session (tenant, id, agent_id, team, head, epoch,"
                                + " inbox_head, inbox_seen, owner, due_ms, attempts, summary,"
                                + " created_ms, updated_ms) values (?, ?, 'a', 't', 1, 1, 0, 0,"
                                + " ?, 0, 0, '{}', 0, 0)",
                        key.tenant(),
                        key.id(),
                        node));
    }

    private static boolean isOwned(Database database, SessionKey key) {
        return database.read(sql ->
                sql.one(
                                "select owner from session where tenant = ? and id = ?",
                                row -> row.textIf("owner").isPresent(),
                                key.tenant(),
                                key.id())
                        .orElseThrow());
    }
}
