package entrepot.identity;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

final class PostgresKeysTest extends KeysContract {

    @Override
    Database open() {
        return TestDatabases.postgres();
    }
}
