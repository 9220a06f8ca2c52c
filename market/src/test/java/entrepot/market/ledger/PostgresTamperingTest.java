package entrepot.market.ledger;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

class PostgresTamperingTest extends TamperingContract {

    @Override
    Database open() {
        return TestDatabases.postgres();
    }
}
