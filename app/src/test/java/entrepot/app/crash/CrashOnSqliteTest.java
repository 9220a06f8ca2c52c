package entrepot.app.crash;

import entrepot.store.DatabaseSettings;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One node on one file. */
class CrashOnSqliteTest extends CrashContract {

    private @Nullable Path file;

    @Override
    List<Node> nodes(Path folder, List<String> flags, Map<String, String> environment) {
        Path data = folder.resolve("data");
        file = data.resolve("entrepot.db");
        return List.of(new Node("node", data, flags, environment));
    }

    @Override
    void databaseHolds() {
        if (file == null) {
            throw new AssertionError("no node was made");
        }
        DatabaseLaws.hold(DatabaseSettings.file(file));
    }
}
