package entrepot.market.capacity.notices;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class SqliteNoticesTest extends NoticesContract {

    @TempDir private Path folder;

    @Override
    Database open() {
        return TestDatabases.sqlite(folder);
    }
}
