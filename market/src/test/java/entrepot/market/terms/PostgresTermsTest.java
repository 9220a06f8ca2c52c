package entrepot.market.terms;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

class PostgresTermsTest extends TermsContract {

    @Override
    Database open() {
        return TestDatabases.postgres();
    }
}
