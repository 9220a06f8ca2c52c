package entrepot.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** One thread, one prepared insert, one durable commit each: the least a step can do. */
final class BareSqlite implements StepBench.Bare {

    private final Connection connection;
    private long next;

    BareSqlite(Path file) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("pragma page_size = 8192");
            statement.execute("pragma journal_mode = wal");
            statement.execute("pragma synchronous = full");
            statement.execute(
                    "create table bare (run text, seq integer, payload blob,"
                            + " primary key (run, seq)) without rowid");
        }
    }

    @Override
    public String name() {
        return "bare insert loop";
    }

    @Override
    public int threads() {
        return 1;
    }

    @Override
    public long append(int thread, StepBench.Running running) throws SQLException {
        byte[] payload = new byte[StepBench.PAYLOAD_CHARS];
        long done = 0;
        try (PreparedStatement insert =
                connection.prepareStatement("insert into bare values ('r', ?, ?)")) {
            while (running.yes()) {
                insert.setLong(1, next++);
                insert.setBytes(2, payload);
                insert.executeUpdate();
                done++;
            }
        }
        return done;
    }

    @Override
    public long cpuMicros() {
        return ProcessTime.micros(ProcessHandle.current());
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
