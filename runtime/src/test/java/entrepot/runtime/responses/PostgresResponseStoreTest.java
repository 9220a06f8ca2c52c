package entrepot.runtime.responses;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import java.nio.file.Path;

class PostgresResponseStoreTest extends ResponseStoreContract {

    @Override
    Database open(Path folder) {
        return TestDatabases.postgres();
    }
}
