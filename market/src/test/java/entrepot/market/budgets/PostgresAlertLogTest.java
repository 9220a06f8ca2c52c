package entrepot.market.budgets;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

class PostgresAlertLogTest extends AlertLogContract {

    @Override
    Database open() {
        return TestDatabases.postgres();
    }
}
