package entrepot.market.statements;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

class PostgresStatementsTest extends StatementsContract {

    @Override
    Database open() {
        return TestDatabases.postgres();
    }
}
