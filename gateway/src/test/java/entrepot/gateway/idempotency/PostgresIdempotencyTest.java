package entrepot.gateway.idempotency;

import entrepot.store.Database;
import entrepot.store.DatabaseSettings;
import entrepot.store.Databases;
import entrepot.store.testing.TestDatabases;

class PostgresIdempotencyTest extends IdempotencyContract {

    private final DatabaseSettings settings = TestDatabases.postgresSettings();

    @Override
    Database open() {
        return Databases.open(settings);
    }
}
