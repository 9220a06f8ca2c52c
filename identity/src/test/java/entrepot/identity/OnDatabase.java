package entrepot.identity;

import entrepot.store.Database;
import entrepot.testkit.SettableClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.security.SecureRandom;
import java.util.List;

/** An empty, migrated database for each test. */
abstract class OnDatabase {

    final SettableClock clock = SettableClock.at("2026-04-12T09:00:00Z");
    final SecureRandom random = new SecureRandom();
    Database database = unopened();

    abstract Database open();

    @SuppressWarnings("NullAway") // set before each test
    private static Database unopened() {
        return null;
    }

    @BeforeEach
    void openAndMigrate() {
        database = open();
        database.migrate(List.of(Tenants.MIGRATIONS));
    }

    @AfterEach
    void close() {
        if (database != null) {
            database.close();
        }
    }

    StoredKeys keys() {
        StoredKeys keys = new StoredKeys(database, clock, new RandomIds(clock, random), random);
        keys.refresh();
        return keys;
    }
}
