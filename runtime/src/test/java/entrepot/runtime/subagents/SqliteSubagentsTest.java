package entrepot.runtime.subagents;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import java.nio.file.Path;

class SqliteSubagentsTest extends SubagentsContract {

    @Override
    protected Database open(Path folder) {
        return TestDatabases.sqlite(folder);
    }
}
