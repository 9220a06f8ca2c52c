package entrepot.runtime.responses;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import java.nio.file.Path;

class SqliteResponseStoreTest extends ResponseStoreContract {

    @Override
    Database open(Path folder) {
        return TestDatabases.sqlite(folder);
    }
}
