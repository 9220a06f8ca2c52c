package entrepot.identity;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

final class PostgresAuditTest extends AuditContract {

    @Override
    Database open() {
        return TestDatabases.postgres();
    }
}
