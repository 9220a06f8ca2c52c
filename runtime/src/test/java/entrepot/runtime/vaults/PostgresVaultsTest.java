package entrepot.runtime.vaults;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import java.nio.file.Path;

class PostgresVaultsTest extends VaultsContract {

    @Override
    Database open(Path folder) {
        return TestDatabases.postgres();
    }
}
