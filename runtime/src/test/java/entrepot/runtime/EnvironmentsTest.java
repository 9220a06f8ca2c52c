package entrepot.runtime;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import org.junit.jupiter.api.Nested;

import java.nio.file.Path;

/** Environments on each database. */
class EnvironmentsTest {

    @Nested
    class OnSqlite extends EnvironmentsContract {

        @Override
        protected Database open(Path folder) {
            return TestDatabases.sqlite(folder);
        }
    }

    @Nested
    class OnPostgres extends EnvironmentsContract {

        @Override
        protected Database open(Path folder) {
            return TestDatabases.postgres();
        }
    }
}
