package entrepot.runtime.webhooks;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import java.nio.file.Path;

class SqliteWebhooksTest extends WebhooksContract {

    @Override
    Database open(Path folder) {
        return TestDatabases.sqlite(folder);
    }
}
