package entrepot.runtime;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import java.nio.file.Path;

class SqliteApprovalsTest extends ApprovalsContract {

    @Override
    protected Database open(Path folder) {
        return TestDatabases.sqlite(folder);
    }
}
