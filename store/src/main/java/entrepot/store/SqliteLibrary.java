package entrepot.store;

import entrepot.store.DatabaseFailed.Kind;

import org.sqlite.SQLiteJDBCLoader;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Loads SQLite itself, once. The driver unpacks it into the temporary folder and takes it away when
 * the process ends well; a process that is killed would leave a megabyte behind each time. So it
 * goes into a folder of its own, which is taken away as soon as it is loaded.
 */
final class SqliteLibrary {

    private static final String FOLDER = "org.sqlite.tmpdir";

    private static boolean loaded;

    private SqliteLibrary() {}

    static synchronized void load() {
        if (loaded) {
            return;
        }
        try {
            if (System.getProperty(FOLDER) == null) {
                loadFrom(Files.createTempDirectory("sqlite-"));
            } else {
                SQLiteJDBCLoader.initialize();
            }
            loaded = true;
        } catch (Exception e) {
            throw new DatabaseFailed(
                    Kind.UNAVAILABLE,
                    "Cannot load SQLite from the temporary folder "
                            + System.getProperty("java.io.tmpdir")
                            + ": "
                            + e.getMessage()
                            + ". Let this process write and execute there, or name another folder"
                            + " with -Dorg.sqlite.tmpdir=.",
                    e);
        }
    }

    private static void loadFrom(Path folder) throws Exception {
        System.setProperty(FOLDER, folder.toString());
        try {
            SQLiteJDBCLoader.initialize();
        } finally {
            System.clearProperty(FOLDER);
            remove(folder);
        }
    }

    private static void remove(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException _) {
            // Windows keeps a loaded library; the driver takes it away in the end.
        }
    }
}
