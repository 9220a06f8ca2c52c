package entrepot.store;

import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Which database, and how much of it may be used.
 *
 * @param url a file path, or {@code postgresql://user:password@host:port/database?option=value};
 *     {@code sqlite:path} and {@code jdbc:postgresql:…} are understood too
 * @param connectionsMax connections held open to a server, or readers of a file; at least 2
 * @param waitMillisMax how long a caller waits for room: a free connection, or a place in the
 *     writer's queue
 * @param writesQueuedMax writes that may wait for the one writer of a file
 */
public record DatabaseSettings(
        String url, int connectionsMax, int waitMillisMax, int writesQueuedMax) {

    private static final Pattern SERVER = Pattern.compile("^(jdbc:)?postgres(ql)?:.*");
    private static final Pattern USER_INFO = Pattern.compile("//([^:@/?#]*):[^/?#]*@");
    private static final Pattern PASSWORD = Pattern.compile("(?i)(password=)[^&]*");

    public DatabaseSettings {
        Objects.requireNonNull(url, "url");
        if (url.isBlank()) {
            throw new IllegalArgumentException(
                    "The database URL is empty: give a file path or a postgresql:// URL.");
        }
        atLeast(2, connectionsMax, "connectionsMax");
        atLeast(1, waitMillisMax, "waitMillisMax");
        atLeast(1, writesQueuedMax, "writesQueuedMax");
    }

    /** The database at a URL, with limits that suit one machine. */
    public static DatabaseSettings of(String url) {
        return new DatabaseSettings(url, 12, 10_000, 4096);
    }

    public static DatabaseSettings file(Path file) {
        return of(file.toString());
    }

    public Database.Engine engine() {
        return SERVER.matcher(url).matches() ? Database.Engine.POSTGRES : Database.Engine.SQLITE;
    }

    /** The URL as it may be shown: without its password. */
    public String shown() {
        String masked = USER_INFO.matcher(url).replaceAll("//$1:***@");
        return PASSWORD.matcher(masked).replaceAll("$1***");
    }

    @Override
    public String toString() {
        return "DatabaseSettings[" + shown() + ", connectionsMax=" + connectionsMax + "]";
    }

    private static void atLeast(int least, int value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "Database setting " + name + " is " + value + ": give at least " + least + ".");
        }
    }
}
