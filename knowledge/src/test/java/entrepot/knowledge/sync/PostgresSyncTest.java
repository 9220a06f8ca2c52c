package entrepot.knowledge.sync;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

final class PostgresSyncTest extends SyncContract {

    @Override
    Database open() {
        return TestDatabases.postgres();
    }
}
