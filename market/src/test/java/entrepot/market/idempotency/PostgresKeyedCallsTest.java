package entrepot.market.idempotency;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

class PostgresKeyedCallsTest extends KeyedCallsContract {

    @Override
    Database open() {
        return TestDatabases.postgres();
    }
}
