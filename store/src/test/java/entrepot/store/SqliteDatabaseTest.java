package entrepot.store;

import entrepot.store.testing.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SqliteDatabaseTest extends DatabaseContract {

    @TempDir Path folder = Path.of("");

    @Override
    Database open() {
        return TestDatabases.sqlite(folder);
    }
}
