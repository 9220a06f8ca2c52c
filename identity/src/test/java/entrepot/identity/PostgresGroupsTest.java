package entrepot.identity;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

final class PostgresGroupsTest extends GroupsContract {

    @Override
    Database open() {
        return TestDatabases.postgres();
    }
}
