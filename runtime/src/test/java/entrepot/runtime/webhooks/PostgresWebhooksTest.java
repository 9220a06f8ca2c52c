package entrepot.runtime.webhooks;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import java.nio.file.Path;

class PostgresWebhooksTest extends WebhooksContract {

    @Override
    Database open(Path folder) {
        return TestDatabases.postgres();
    }
}
