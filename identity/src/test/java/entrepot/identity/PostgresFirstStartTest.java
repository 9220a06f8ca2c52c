package entrepot.identity;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

final class PostgresFirstStartTest extends FirstStartContract {

    @Override
    Database open() {
        return TestDatabases.postgres();
    }
}
