package entrepot.store;

import entrepot.store.testing.TestDatabases;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

final class SqliteDatabaseTest extends DatabaseContract {

    @TempDir Path folder = Path.of("");

    @Override
    Database open() {
        return TestDatabases.sqlite(folder);
    }
}
