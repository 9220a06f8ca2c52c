package entrepot.runtime;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import java.nio.file.Path;

class SqliteTurnsTest extends TurnsContract {

    @Override
    protected Database open(Path folder) {
        return TestDatabases.sqlite(folder);
    }
}
