package entrepot.market.budgets;

import entrepot.store.Database;
import entrepot.store.DatabaseSettings;
import entrepot.store.Databases;
import entrepot.store.testing.TestDatabases;

import org.jspecify.annotations.Nullable;

class PostgresBudgetsTest extends BudgetsContract {

    private @Nullable DatabaseSettings one;

    @Override
    Database open() {
        one = one == null ? TestDatabases.postgresSettings() : one;
        return Databases.open(one);
    }
}
