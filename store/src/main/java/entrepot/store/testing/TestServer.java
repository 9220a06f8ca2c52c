package entrepot.store.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** One PostgreSQL server of this JVM, started when first asked for and stopped with the JVM. */
final class TestServer {

    private static final TestServer FAST = new TestServer("off");
    private static final TestServer DURABLE = new TestServer("on");
    private static final String LOGIN = "postgres";

    private final AtomicInteger databases = new AtomicInteger();
    private final String flush;
    private @Nullable EmbeddedPostgres running;
    private @Nullable String refusal;

    private TestServer(String flush) {
        this.flush = flush;
    }

    static TestServer fast() {
        return FAST;
    }

    static TestServer durable() {
        return DURABLE;
    }

    String freshDatabase() {
        EmbeddedPostgres server = start();
        String name = "test_" + databases.incrementAndGet();
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot make the database " + name, e);
        }
        return "postgresql://" + LOGIN + "@127.0.0.1:" + server.getPort() + "/" + name;
    }

    private synchronized EmbeddedPostgres start() {
        if (running != null) {
            return running;
        }
        if (refusal == null) {
            try {
                EmbeddedPostgres started =
                        EmbeddedPostgres.builder()
                                .setServerConfig("fsync", flush)
                                .setServerConfig("synchronous_commit", flush)
                                .setServerConfig("max_connections", "200")
                                .start();
                running = started;
                return started;
            } catch (IOException | RuntimeException e) {
                refusal = "Skipped: no PostgreSQL could be started here: " + e;
            }
        }
        throw new TestAbortedException(refusal);
    }
}
