package entrepot.runtime.memory;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import java.nio.file.Path;

class PostgresMemoriesTest extends MemoriesContract {

    @Override
    Database open(Path folder) {
        return TestDatabases.postgres();
    }
}
