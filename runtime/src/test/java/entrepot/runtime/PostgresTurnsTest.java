package entrepot.runtime;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import java.nio.file.Path;

class PostgresTurnsTest extends TurnsContract {

    @Override
    protected Database open(Path folder) {
        return TestDatabases.postgres();
    }
}
