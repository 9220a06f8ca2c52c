package entrepot.market.budgets;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class SqliteAlertLogTest extends AlertLogContract {

    @TempDir private Path folder;

    @Override
    Database open() {
        return TestDatabases.sqlite(folder);
    }
}
