package entrepot.market.budgets;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class SqliteBudgetsTest extends BudgetsContract {

    @TempDir private Path folder;
    private @Nullable Database only;

    @Override
    Database open() {
        only = only == null ? TestDatabases.sqlite(folder) : only;
        return only;
    }
}
