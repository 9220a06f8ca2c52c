package entrepot.store.notices;

import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Words over LISTEN and NOTIFY, on two connections of its own. A NOTIFY takes a lock that all
 * commits of the server share, so it is never part of a transaction that does work: what has
 * gathered in {@link #GATHER_MILLIS} goes in one statement.
 */
public final class PostgresNotices implements Notices {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresNotices.class);

    private static final int GATHER_MILLIS = 10;

    /** A NOTIFY carries less than 8,000 bytes. */
    private static final int PAYLOAD_BYTES_MAX = 7_900;

    private static final int WORDS_MAX = 10_000;
    private static final int LISTEN_MILLIS_MAX = 10_000;
    private static final int RECONNECT_MILLIS = 500;

    private final String jdbcUrl;
    private final Properties properties;
    private final String channel;
    private final Consumer<String> heard;
    private final Set<String> words = new LinkedHashSet<>();
    private final Semaphore gathered = new Semaphore(0);
    private final Thread teller;
    private final Thread listener;
    private volatile int tellerPid;
    private volatile boolean closed;

    /**
     * @param properties user, password and options of the driver
     * @param heard is called for each word of another process, and with {@link #ANYTHING} when
     *     words may have been missed; must return at once
     */
    public PostgresNotices(
            String jdbcUrl, Properties properties, String channel, Consumer<String> heard) {
        this.jdbcUrl = jdbcUrl;
        this.properties = new Properties();
        this.properties.putAll(properties);
        this.channel = channel;
        this.heard = heard;
        this.teller = Thread.ofVirtual().name("notices-tell").start(this::tellAll);
        this.listener = Thread.ofVirtual().name("notices-hear").start(this::hearAll);
    }

    @Override
    public void tell(String word) {
        boolean full;
        synchronized (words) {
            full = words.size() >= WORDS_MAX;
            if (full) {
                words.clear();
                words.add(ANYTHING);
            } else {
                words.add(word);
            }
        }
        gathered.release();
    }

    private List<String> take() {
        synchronized (words) {
            List<String> all = List.copyOf(words);
            words.clear();
            return all;
        }
    }

    /** A word in each line. */
    private static List<String> payloads(List<String> all) {
        List<String> payloads = new ArrayList<>();
        var payload = new StringBuilder();
        int bytes = 0;
        for (String word : all) {
            int more = 1 + word.getBytes(StandardCharsets.UTF_8).length;
            if (bytes + more > PAYLOAD_BYTES_MAX) {
                payloads.add(payload.toString());
                payload.setLength(0);
                bytes = 0;
            }
            payload.append(bytes == 0 ? "" : "\n").append(word);
            bytes += more;
        }
        payloads.add(payload.toString());
        return payloads;
    }

    private void tellAll() {
        while (!closed) {
            try (Connection connection = connect();
                    PreparedStatement notify =
                            connection.prepareStatement("select pg_notify(?, ?)")) {
                tellerPid = connection.unwrap(PGConnection.class).getBackendPID();
                while (!closed) {
                    gathered.acquire();
                    gathered.drainPermits();
                    List<String> all = take();
                    if (!all.isEmpty()) {
                        for (String payload : payloads(all)) {
                            notify.setString(1, channel);
                            notify.setString(2, payload);
                            notify.execute();
                        }
                        TimeUnit.MILLISECONDS.sleep(GATHER_MILLIS);
                    }
                }
            } catch (SQLException e) {
                // What was lost is made good by those who look for themselves.
                again("tell", e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void hearAll() {
        while (!closed) {
            try (Connection connection = connect();
                    Statement listen = connection.createStatement()) {
                listen.execute("listen " + channel);
                heard.accept(ANYTHING);
                PGConnection notified = connection.unwrap(PGConnection.class);
                while (!closed) {
                    for (PGNotification each : notified.getNotifications(LISTEN_MILLIS_MAX)) {
                        hear(each);
                    }
                }
            } catch (SQLException e) {
                again("listen", e);
            }
        }
    }

    private void hear(PGNotification told) {
        if (told.getPID() != tellerPid) {
            for (String word : told.getParameter().split("\n", -1)) {
                heard.accept(word);
            }
        }
    }

    private void again(String what, SQLException why) {
        if (closed) {
            return;
        }
        LOG.debug("cannot {} for the moment", what, why);
        try {
            TimeUnit.MILLISECONDS.sleep(RECONNECT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection(jdbcUrl, properties);
        connection.setAutoCommit(true);
        return connection;
    }

    @Override
    public void close() {
        closed = true;
        teller.interrupt();
        listener.interrupt();
    }
}
