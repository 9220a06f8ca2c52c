package entrepot.bench;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * So many threads with a connection each, and one statement for each step: it moves a head and
 * inserts a row, as the cheapest fenced append does, and commits.
 */
final class BarePostgres implements StepBench.Bare {

    private static final String APPEND =
            "with u as (update bare_run set head = head + 1 where id = ? and head = ? returning id)"
                    + " insert into bare select id, ?, ? from u";

    private final List<Connection> connections = new ArrayList<>();
    private final long[] heads;
    private final ProcessHandle server;

    /**
     * @param url {@code postgresql://user@host:port/database}
     */
    BarePostgres(String url, int threads) throws SQLException {
        heads = new long[threads];
        URI at = URI.create(url);
        String jdbc =
                "jdbc:postgresql://"
                        + at.getHost()
                        + ":"
                        + at.getPort()
                        + at.getPath()
                        + "?user="
                        + at.getUserInfo();
        for (int i = 0; i < threads; i++) {
            connections.add(DriverManager.getConnection(jdbc));
        }
        try (Statement statement = connections.getFirst().createStatement()) {
            statement.execute("create table bare_run (id text primary key, head bigint)");
            statement.execute(
                    "create table bare (id text, seq bigint, payload bytea, primary key (id,"
                            + " seq))");
            for (int i = 0; i < threads; i++) {
                statement.execute("insert into bare_run values ('r" + i + "', 0)");
            }
            try (ResultSet pid = statement.executeQuery("select pg_backend_pid()")) {
                pid.next();
                server =
                        ProcessHandle.of(pid.getLong(1))
                                .flatMap(ProcessHandle::parent)
                                .orElseThrow(() ->
                                        new SQLException("the server is not on this machine"));
            }
        }
    }

    @Override
    public String name() {
        return "bare statement, " + heads.length + " threads";
    }

    @Override
    public int threads() {
        return heads.length;
    }

    @Override
    public long append(int thread, StepBench.Running running) throws SQLException {
        byte[] payload = new byte[StepBench.PAYLOAD_CHARS];
        long before = heads[thread];
        try (PreparedStatement append = connections.get(thread).prepareStatement(APPEND)) {
            while (running.yes()) {
                append.setString(1, "r" + thread);
                append.setLong(2, heads[thread]);
                append.setLong(3, heads[thread] + 1);
                append.setBytes(4, payload);
                append.executeUpdate();
                heads[thread]++;
            }
        }
        return heads[thread] - before;
    }

    @Override
    public long cpuMicros() {
        return ProcessTime.micros(ProcessHandle.current()) + ProcessTime.micros(server);
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
    }
}
