package entrepot.market.capacity.notices;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

class PostgresNoticesTest extends NoticesContract {

    @Override
    Database open() {
        return TestDatabases.postgres();
    }
}
