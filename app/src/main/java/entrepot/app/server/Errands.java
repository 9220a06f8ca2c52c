package entrepot.app.server;

import entrepot.identity.Ids;
import entrepot.runtime.AgentRuntime;
import entrepot.runtime.automations.AutomationRunner;
import entrepot.store.Database;

import java.time.InstantSource;

/** What this node does by itself for agents, beside driving their sessions. */
final class Errands implements AutoCloseable {

    private final AutomationRunner automations;

    Errands(Database database, AgentRuntime runtime, Ids ids, InstantSource clock) {
        automations =
                new AutomationRunner(database, runtime.sessions(), runtime.agents(), ids, clock);
    }

    void start() {
        automations.start();
    }

    @Override
    public void close() {
        automations.close();
    }
}
