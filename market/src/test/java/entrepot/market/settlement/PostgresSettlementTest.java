package entrepot.market.settlement;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

class PostgresSettlementTest extends SettlementContract {

    @Override
    Database open() {
        return TestDatabases.postgres();
    }
}
