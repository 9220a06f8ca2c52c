package entrepot.store;

import entrepot.store.DatabaseFailed.Kind;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** One file, owned by this process: one writer, a few readers. */
final class SqliteDatabase implements Database {

    private static final String HEADER = "SQLite format 3\0";

    /** Up to this size a damaged page is looked for at each start: some tens of milliseconds. */
    private static final long CHECKED_BYTES_MAX = 16L << 20;

    private final SqliteLock lock;
    private final SqliteConnection writing;
    private final SqliteWriter writer;
    private final SqliteReaders readers;

    private SqliteDatabase(
            SqliteLock lock, SqliteConnection writing, SqliteWriter writer, SqliteReaders readers) {
        this.lock = lock;
        this.writing = writing;
        this.writer = writer;
        this.readers = readers;
    }

    static SqliteDatabase open(DatabaseSettings settings) {
        Path file = path(settings.url());
        SqliteLibrary.load();
        makeFolder(file);
        SqliteLock lock = SqliteLock.take(file);
        try {
            checkHeader(file);
            SqliteConnection writing = SqliteConnection.writer(file);
            checkPages(writing, file);
            SqliteWriter writer =
                    new SqliteWriter(writing, settings.writesQueuedMax(), settings.waitMillisMax());
            writer.start();
            SqliteReaders readers =
                    new SqliteReaders(file, settings.connectionsMax(), settings.waitMillisMax());
            return new SqliteDatabase(lock, writing, writer, readers);
        } catch (SQLException e) {
            lock.close();
            throw new SqliteFailures(file).explain(e);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    @Override
    public Engine engine() {
        return Engine.SQLITE;
    }

    @Override
    public <T> T read(Work<T> work) {
        return readers.read(work);
    }

    @Override
    public <T> T write(Work<T> work) {
        return writer.submit(work, false);
    }

    @Override
    public <T> T once(Work<T> work) {
        return writer.submit(work, true);
    }

    @Override
    public void migrate(List<Migrations> features) {
        new Migrator(this).migrate(features);
    }

    @Override
    public void close() {
        try {
            writer.close();
            readers.close();
            writing.close();
        } finally {
            lock.close();
        }
    }

    private static Path path(String url) {
        String path = url;
        for (String scheme : List.of("jdbc:", "sqlite:")) {
            path = path.startsWith(scheme) ? path.substring(scheme.length()) : path;
        }
        if (path.contains("://") || path.isBlank() || path.startsWith(":memory:")) {
            throw new IllegalArgumentException(
                    "Not a database: give a file path or a postgresql:// URL, not "
                            + new DatabaseSettings(url, 2, 1, 1).shown()
                            + ".");
        }
        try {
            Path given = Path.of(path).toAbsolutePath().normalize();
            // Two names of one file must meet at one lock.
            return Files.exists(given) ? given.toRealPath() : given;
        } catch (InvalidPathException | IOException e) {
            throw new DatabaseFailed(
                    Kind.UNAVAILABLE, "Database file " + path + " cannot be reached.", e);
        }
    }

    private static void makeFolder(Path file) {
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw new DatabaseFailed(
                    Kind.UNAVAILABLE,
                    "Cannot make the folder of the database file "
                            + file
                            + ": "
                            + SqliteFailures.why(e)
                            + ". Give a path in a folder that this process may write.",
                    e);
        }
    }

    private static void checkHeader(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new DatabaseFailed(
                        Kind.BROKEN,
                        "The database file " + file + " is a folder: give the path of a file.",
                        null);
            }
            if (!Files.exists(file) || Files.size(file) == 0) {
                return;
            }
            try (var bytes = Files.newInputStream(file)) {
                byte[] start = bytes.readNBytes(HEADER.length());
                if (!HEADER.equals(new String(start, StandardCharsets.ISO_8859_1))) {
                    throw new DatabaseFailed(
                            Kind.BROKEN,
                            "The file "
                                    + file
                                    + " is not an SQLite database, or its start is damaged: give"
                                    + " another path, or restore it from a copy.",
                            null);
                }
            }
        } catch (IOException e) {
            throw new DatabaseFailed(
                    Kind.UNAVAILABLE,
                    "Cannot read the database file " + file + ": " + SqliteFailures.why(e) + ".",
                    e);
        }
    }

    private static void checkPages(SqliteConnection connection, Path file) throws SQLException {
        try {
            String found =
                    file.toFile().length() > CHECKED_BYTES_MAX
                            ? "ok"
                            : connection
                                    .sql()
                                    .query("pragma quick_check(1)", r -> r.text("quick_check"))
                                    .getFirst();
            connection.commit();
            if (!"ok".equals(found)) {
                throw new SQLException(found, "damaged");
            }
        } catch (SQLException e) {
            connection.close();
            throw new DatabaseFailed(
                    Kind.BROKEN,
                    "The database file "
                            + file
                            + " is damaged: restore it from a copy. SQLite says: "
                            + e.getMessage(),
                    e);
        }
    }
}
