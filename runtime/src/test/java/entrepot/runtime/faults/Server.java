package entrepot.runtime.faults;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.opentest4j.TestAbortedException;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL server, durable as in production, that can be crashed, stopped and cut off. */
final class Server implements AutoCloseable {

    private final Path data;
    private final int port;
    private EmbeddedPostgres running;

    private Server(Path data, int port) throws IOException {
        this.data = data;
        this.port = port;
        this.running = start();
    }

    static Server start(Path data) throws IOException {
        try {
            return new Server(data, freePort());
        } catch (IllegalStateException e) {
            throw new TestAbortedException("no PostgreSQL could be started here: " + e, e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private EmbeddedPostgres start() throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "100")
                .start();
    }

    int port() {
        return port;
    }

    String url(int at) {
        return "postgresql://postgres@127.0.0.1:" + at + "/postgres";
    }

    /** Stops at once, as a power cut does, and starts again. */
    void restart() throws IOException, InterruptedException {
        signal("QUIT", Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
        running.close();
        running = start();
    }

    /** Kills one process of the server: it ends all connections and recovers from its log. */
    void crash() throws SQLException, IOException, InterruptedException {
        signal(
                "KILL",
                one(
                        "select min(pid) from pg_stat_activity where pid <> pg_backend_pid()"
                                + " and backend_type = 'client backend'"));
    }

    /** Ends every connection but this one. */
    void cut() throws SQLException {
        one(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                        + " where pid <> pg_backend_pid() and backend_type = 'client backend'");
    }

    private String one(String sql) throws SQLException {
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            String value = rows.getString(1);
            return value == null ? "" : value;
        }
    }

    private static void signal(String name, String pid) throws IOException, InterruptedException {
        if (!pid.isBlank()) {
            new ProcessBuilder("kill", "-" + name, pid.strip()).start().waitFor();
        }
    }

    @Override
    public void close() throws IOException {
        running.close();
    }
}
