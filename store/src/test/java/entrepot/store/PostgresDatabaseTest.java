package entrepot.store;

import entrepot.store.testing.TestDatabases;

final class PostgresDatabaseTest extends DatabaseContract {

    @Override
    Database open() {
        return TestDatabases.postgres();
    }
}
