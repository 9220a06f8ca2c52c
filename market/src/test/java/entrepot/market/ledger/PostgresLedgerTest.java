package entrepot.market.ledger;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

class PostgresLedgerTest extends LedgerContract {

    @Override
    Database open() {
        return TestDatabases.postgres();
    }
}
