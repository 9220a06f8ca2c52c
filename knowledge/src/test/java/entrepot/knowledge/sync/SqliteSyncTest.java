package entrepot.knowledge.sync;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

final class SqliteSyncTest extends SyncContract {

    @Override
    Database open() {
        return TestDatabases.sqlite(folder);
    }
}
