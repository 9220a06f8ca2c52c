package entrepot.identity;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

final class SqliteGroupsTest extends GroupsContract {

    @TempDir Path folder = Path.of("");

    @Override
    Database open() {
        return TestDatabases.sqlite(folder);
    }
}
