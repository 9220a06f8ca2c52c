package entrepot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.runtime.facts.Fact;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;
import entrepot.runtime.tools.ToolServers;
import entrepot.store.Database;
import entrepot.store.DatabaseFailed;
import entrepot.store.testing.TestDatabases;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A claim that is granted and whose answer is lost: the session is held by a node that lives and
 * does not know of it. It goes on long before the watchdog's deadline of a minute.
 */
class LostClaimTest {

    @Test
    void aSessionThatIsHeldUnawaresIsDriven(@TempDir Path folder) throws Exception {
        try (Database database = TestDatabases.sqlite(folder)) {
            var loses = new LosesAClaim(database);
            try (Node node =
                    Node.on(loses, ScriptedMarket.of(Scripted.says("Yes.")), ToolServers.NONE, "a")
                            .started()) {
                String session = node.session(Node.agent(), "Are you there?");
                node.until(session, Fact.TurnCompleted.class::isInstance);
                assertThat(loses.lost).isTrue();
            }
        }
    }

    private static final class LosesAClaim implements Database {

        private final Database database;
        private final AtomicBoolean lost = new AtomicBoolean();

        LosesAClaim(Database database) {
            this.database = database;
        }

        @Override
        public <T> T once(Work<T> work) {
            T result = database.once(work);
            boolean granted = result instanceof List<?> claims && !claims.isEmpty();
            if (granted && lost.compareAndSet(false, true)) {
                throw new DatabaseFailed(DatabaseFailed.Kind.UNAVAILABLE, "no answer", null);
            }
            return result;
        }

        @Override
        public Engine engine() {
            return database.engine();
        }

        @Override
        public <T> T read(Work<T> work) {
            return database.read(work);
        }

        @Override
        public <T> T write(Work<T> work) {
            return database.write(work);
        }

        @Override
        public void migrate(List<Migrations> features) {
            database.migrate(features);
        }

        @Override
        public void close() {}
    }
}
