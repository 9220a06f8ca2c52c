package entrepot.store;

import com.zaxxer.hikari.HikariConfig;

import entrepot.store.notices.Notices;
import entrepot.store.notices.PostgresNotices;

import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;

/**
 * A PostgreSQL server, through two small fixed pools: one that writes at READ COMMITTED, and one
 * whose transactions are read-only and see one snapshot.
 */
final class PostgresDatabase implements Database {

    private final PostgresPool writers;
    private final PostgresPool readers;
    private final PostgresAddress address;

    private PostgresDatabase(PostgresPool writers, PostgresPool readers, PostgresAddress address) {
        this.address = address;
        this.writers = writers;
        this.readers = readers;
    }

    static PostgresDatabase open(DatabaseSettings settings) {
        PostgresFailures failures = new PostgresFailures(settings.shown());
        int readersMax = Math.max(1, settings.connectionsMax() / 3);
        HikariConfig writing = pool(settings, "writer", settings.connectionsMax() - readersMax);
        HikariConfig reading = pool(settings, "reader", readersMax);
        reading.setReadOnly(true);
        reading.setAutoCommit(false);
        reading.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        PostgresPool writers = PostgresPool.open(writing, settings, failures);
        try {
            return new PostgresDatabase(
                    writers,
                    PostgresPool.open(reading, settings, failures),
                    PostgresAddress.parse(settings.url()));
        } catch (RuntimeException e) {
            writers.close();
            throw e;
        }
    }

    @Override
    public Engine engine() {
        return Engine.POSTGRES;
    }

    @Override
    public <T> T read(Work<T> work) {
        return readers.transaction(work);
    }

    @Override
    public <T> T write(Work<T> work) {
        return writers.transaction(work);
    }

    @Override
    public <T> T once(Work<T> work) {
        return writers.once(work);
    }

    @Override
    public void migrate(List<Migrations> features) {
        new Migrator(this).migrate(features);
    }

    @Override
    public Notices notices(String channel, Consumer<String> heard) {
        if (!channel.matches("[a-z_]{1,60}")) {
            throw new IllegalArgumentException(
                    "The channel '" + channel + "' is not made of lower-case letters.");
        }
        var properties = new Properties();
        properties.putAll(address.options());
        properties.setProperty("user", address.user());
        properties.setProperty("password", address.password());
        return new PostgresNotices(address.jdbcUrl(), properties, channel, heard);
    }

    @Override
    public void close() {
        readers.close();
        writers.close();
    }

    private static HikariConfig pool(DatabaseSettings settings, String name, int size) {
        PostgresAddress address = PostgresAddress.parse(settings.url());
        HikariConfig config = new HikariConfig();
        config.setPoolName("postgres-" + name);
        config.setMaximumPoolSize(size);
        config.setJdbcUrl(address.jdbcUrl());
        config.setUsername(address.user());
        config.setPassword(address.password());
        address.options().forEach(config::addDataSourceProperty);
        config.setConnectionTimeout(Math.max(250, settings.waitMillisMax()));
        config.setInitializationFailTimeout(1);
        return config;
    }
}
