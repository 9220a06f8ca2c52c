package entrepot.app.crash;

import entrepot.store.DatabaseSettings;
import entrepot.store.testing.TestDatabases;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Two nodes on one server, killed in turns: each takes up what the other left. */
class CrashOnPostgresTest extends CrashContract {

    private @Nullable DatabaseSettings settings;

    @Override
    List<Node> nodes(Path folder, List<String> flags, Map<String, String> environment) {
        DatabaseSettings durable = TestDatabases.durablePostgresSettings();
        settings = durable;
        var with = new HashMap<>(environment);
        with.put("ENTREPOT_DATABASE_URL", durable.url());
        return List.of(
                new Node("first", folder.resolve("first"), flags, with),
                new Node("second", folder.resolve("second"), flags, with));
    }

    @Override
    void databaseHolds() {
        if (settings == null) {
            throw new AssertionError("no node was made");
        }
        DatabaseLaws.hold(settings);
    }
}
