package entrepot.store.rows;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

class PostgresInsertsTest extends InsertsContract {

    @Override
    Database open() {
        return TestDatabases.postgres();
    }
}
