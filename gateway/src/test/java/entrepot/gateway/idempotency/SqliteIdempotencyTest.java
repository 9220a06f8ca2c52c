package entrepot.gateway.idempotency;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class SqliteIdempotencyTest extends IdempotencyContract {

    @TempDir private Path folder = Path.of("");

    @Override
    Database open() {
        return TestDatabases.sqlite(folder);
    }
}
