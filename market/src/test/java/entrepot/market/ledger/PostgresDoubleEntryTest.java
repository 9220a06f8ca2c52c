package entrepot.market.ledger;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

class PostgresDoubleEntryTest extends DoubleEntryContract {

    @Override
    Database open() {
        return TestDatabases.postgres();
    }
}
