package entrepot.runtime.schedule;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import java.nio.file.Path;

class PostgresGuardsTest extends GuardsContract {

    @Override
    Database open(Path folder) {
        return TestDatabases.postgres();
    }
}
