package entrepot.store.testing;

import entrepot.store.Database;
import entrepot.store.DatabaseSettings;
import entrepot.store.Databases;

import java.nio.file.Path;

/** Fresh databases. Close them; what they leave goes with the folder or the server. */
public final class TestDatabases {

    private TestDatabases() {}

    /** An SQLite file in this folder. */
    public static Database sqlite(Path folder) {
        return Databases.open(DatabaseSettings.file(folder.resolve("test.db")));
    }

    /** An empty database on PostgreSQL that does not flush to disk: fast, gone after a crash. */
    public static Database postgres() {
        return Databases.open(postgresSettings());
    }

    /** The settings of an empty database, for tests with several nodes on it. */
    public static DatabaseSettings postgresSettings() {
        return settings(TestServer.fast());
    }

    /** As {@link #postgresSettings}, on a server that flushes each commit as in production. */
    public static DatabaseSettings durablePostgresSettings() {
        return settings(TestServer.durable());
    }

    private static DatabaseSettings settings(TestServer server) {
        return new DatabaseSettings(server.freshDatabase(), 6, 30_000, 4096);
    }
}
