package entrepot.knowledge.sources;

import entrepot.identity.Secret;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.IntConsumer;

/**
 * Rows of a database as documents: the operator's query gives one row per document. Its connection
 * can only read: PostgreSQL is told so for the whole session, SQLite opens the file for reading.
 *
 * <p>A pass lists key, revision and access of all rows, and reads the bodies of those that changed.
 * Where the query gives no revision, bodies are read with the listing and their hash compared.
 */
final class SqlConnector implements Connector {

    private static final int SECONDS_MAX = 600;
    private static final int FETCHED_ROWS = 500;
    private static final int TITLE_CHARS_MAX = 200;

    private final SourceSettings.Sql place;
    private final SourceSettings.Columns columns;
    private final Access access;
    private final Connection connection;

    SqlConnector(SourceSettings.Sql place, Access access) throws SourceFailed {
        this.place = place;
        this.columns = place.columns();
        this.access = access;
        this.connection = open(place);
    }

    /** A connection that cannot write, whatever it is asked. */
    private static Connection open(SourceSettings.Sql place) throws SourceFailed {
        var properties = new Properties();
        String user = place.user();
        Secret password = place.password();
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password.reveal());
        }
        boolean sqlite = place.url().startsWith("jdbc:sqlite:");
        if (sqlite) {
            properties.setProperty("open_mode", "1"); // SQLITE_OPEN_READONLY
        } else {
            properties.setProperty("readOnly", "true");
            properties.setProperty("options", "-c default_transaction_read_only=on");
            properties.setProperty("connectTimeout", "30");
        }
        try {
            Connection opened = DriverManager.getConnection(place.url(), properties);
            if (!sqlite) {
                opened.setReadOnly(true);
                opened.setAutoCommit(false); // so that rows come in pieces
            }
            return opened;
        } catch (SQLException e) {
            throw new SourceFailed("The database cannot be opened: " + reason(e), e);
        }
    }

    @Override
    public Listing list(@Nullable String cursor, IntConsumer found)
            throws SourceFailed, InterruptedException {
        var entries = new ArrayList<Entry>();
        var warnings = new ArrayList<String>();
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(SECONDS_MAX);
            statement.setFetchSize(FETCHED_ROWS);
            try (ResultSet rows = statement.executeQuery(place.query())) {
                while (rows.next()) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    add(rows, entries, warnings);
                    found.accept(entries.size());
                }
            }
            rest();
        } catch (SQLException e) {
            throw new SourceFailed("The query cannot be run: " + reason(e), e);
        }
        return Listing.complete(entries, "", warnings);
    }

    private void add(ResultSet rows, List<Entry> entries, List<String> warnings)
            throws SQLException, SourceFailed {
        String key = rows.getString(columns.key());
        if (key == null || key.isBlank() || key.length() > Entry.ID_CHARS_MAX) {
            warnings.add("A row has no usable key in the column " + columns.key() + ".");
            return;
        }
        String title = columns.title() == null ? null : rows.getString(columns.title());
        entries.add(
                new Entry(
                        key,
                        revision(rows),
                        title == null ? key : cut(title),
                        "",
                        -1,
                        access(rows, key, warnings)));
        if (entries.size() > ENTRIES_MAX) {
            throw new SourceFailed(
                    "The query gives more than " + ENTRIES_MAX + " rows: narrow it.");
        }
    }

    private static String cut(String title) {
        return title.length() <= TITLE_CHARS_MAX
                ? title
                : title.substring(0, title.offsetByCodePoints(0, TITLE_CHARS_MAX / 2));
    }

    private String revision(ResultSet rows) throws SQLException {
        if (columns.revision() != null) {
            String revision = rows.getString(columns.revision());
            return revision == null ? "null" : revision;
        }
        String title = columns.title() == null ? "" : rows.getString(columns.title());
        return Hashes.sha256(title + "\n" + body(rows)).substring(0, 32);
    }

    private String body(ResultSet rows) throws SQLException {
        String body = rows.getString(columns.body());
        return body == null ? "" : body;
    }

    private Access access(ResultSet rows, String key, List<String> warnings) throws SQLException {
        if (columns.access() == null) {
            return access;
        }
        String words = rows.getString(columns.access());
        if (words == null || words.isBlank()) {
            return Access.NOBODY;
        }
        try {
            return Access.of(List.of(words.split(",")));
        } catch (IllegalArgumentException e) {
            warnings.add("Nobody may read " + key + ": " + e.getMessage());
            return Access.NOBODY;
        }
    }

    /** One connection: readers take turns. */
    @Override
    public synchronized Content read(Entry entry) throws SourceFailed {
        // The key is quoted as an identifier, and its value is a parameter.
        String one =
                "select * from (\n"
                        + place.query()
                        + "\n) entrepot where cast(\""
                        + columns.key().replace("\"", "\"\"")
                        + "\" as text) = ?";
        try (PreparedStatement statement = connection.prepareStatement(one)) {
            statement.setQueryTimeout(SECONDS_MAX);
            statement.setString(1, entry.id());
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    throw new SourceFailed("The row " + entry.id() + " is gone.");
                }
                byte[] body = body(rows).getBytes(StandardCharsets.UTF_8);
                if (body.length > DOCUMENT_BYTES_MAX) {
                    throw FolderConnector.tooLarge(entry.id());
                }
                return new Content(body, revision(rows), "text/markdown");
            } finally {
                rest();
            }
        } catch (SQLException e) {
            throw new SourceFailed("The row " + entry.id() + " cannot be read: " + reason(e), e);
        }
    }

    /** Ends a transaction, so that the next sees what is new and nothing is held meanwhile. */
    private void rest() throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
    }

    /** Without an address, which may hold a password. */
    private static String reason(SQLException e) {
        return String.valueOf(e.getMessage()).replaceAll("//[^/@\\s]*@", "//");
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // It was only read from.
        }
    }
}
