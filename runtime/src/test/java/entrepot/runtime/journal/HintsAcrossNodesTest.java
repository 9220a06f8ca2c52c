package entrepot.runtime.journal;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.store.Database;
import entrepot.store.DatabaseSettings;
import entrepot.store.Databases;
import entrepot.store.testing.TestDatabases;

import org.junit.jupiter.api.Test;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Hints between two nodes: nobody polls here, so whatever is noticed was told. */
class HintsAcrossNodesTest {

    private static final SessionKey KEY = new SessionKey("acme & söhne", "sess_1");

    private final DatabaseSettings settings = TestDatabases.postgresSettings();

    private static void await(Semaphore rung) throws InterruptedException {
        assertThat(rung.tryAcquire(30, TimeUnit.SECONDS)).as("it was told").isTrue();
    }

    @Test
    void growthOnOneNodeRingsReadersOnAnother() throws Exception {
        var rung = new Semaphore(0);
        try (Database one = Databases.open(settings);
                Database other = Databases.open(settings);
                Hints here = Hints.shared(one);
                Hints there = Hints.shared(other);
                AutoCloseable reader = there.onGrowth(KEY, rung::release)) {
            assertThat(reader).isNotNull();
            // The first ring says that the listener has begun and may have missed something.
            await(rung);
            here.grown(KEY);
            await(rung);
            here.letter(KEY);
            await(rung);
        }
    }

    /** A letter is claimed where it was posted; only where nobody can is it left to others. */
    @Test
    void aLetterRingsWhoeverDrivesTheSession() throws Exception {
        var claims = new Semaphore(0);
        var bells = new Semaphore(0);
        try (Database one = Databases.open(settings);
                Database other = Databases.open(settings);
                Hints here = Hints.shared(one);
                Hints there = Hints.shared(other)) {
            var ready = new Semaphore(0);
            try (AutoCloseable reader = there.onGrowth(KEY, ready::release)) {
                assertThat(reader).isNotNull();
                await(ready);
            }
            there.onLetter((key, isHere) -> {
                (isHere ? claims : bells).release();
                return true;
            });
            here.letter(KEY);
            await(claims);
            assertThat(bells.availablePermits()).as("left to others").isZero();
            here.onLetter((key, isHere) -> true);
            here.letter(KEY);
            await(bells);
            assertThat(claims.availablePermits()).as("looked after here").isZero();
        }
    }
}
