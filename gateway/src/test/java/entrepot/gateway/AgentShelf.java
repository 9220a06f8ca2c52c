package entrepot.gateway;

import entrepot.gateway.agents.AgentsApi;
import entrepot.gateway.automations.AutomationsApi;
import entrepot.gateway.door.Route;
import entrepot.gateway.memory.MemoryStoresApi;
import entrepot.identity.Ids;
import entrepot.runtime.AgentRuntime;
import entrepot.runtime.automations.AutomationRunner;
import entrepot.runtime.automations.Automations;
import entrepot.runtime.memory.Memories;
import entrepot.runtime.memory.MemoryStores;
import entrepot.runtime.tools.ToolServers;
import entrepot.runtime.tools.automations.AutomationTools;
import entrepot.runtime.tools.memory.MemoryTools;
import entrepot.store.Database;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** What is served beside agents and sessions: what they remember, and what begins by itself. */
final class AgentShelf implements AutoCloseable {

    private final Database database;
    private final Ids ids;
    private final InstantSource clock;
    private final MemoryStores stores;
    private final Memories memories;
    private final Automations automations;
    private @Nullable AutomationRunner runner;

    AgentShelf(Database database, Ids ids, InstantSource clock) {
        this.database = database;
        this.ids = ids;
        this.clock = clock;
        database.migrate(List.of(Memories.MIGRATIONS, Automations.MIGRATIONS));
        stores = new MemoryStores(database, ids);
        memories = new Memories(database, ids);
        automations = new Automations(database, ids, clock);
    }

    ToolServers tools() {
        return ToolServers.of(
                List.of(
                        new MemoryTools(stores, memories),
                        new AutomationTools(automations, clock)));
    }

    void start(AgentRuntime runtime) {
        var started =
                new AutomationRunner(database, runtime.sessions(), runtime.agents(), ids, clock);
        started.start();
        runner = started;
    }

    List<Route> routes(AgentsApi agents) {
        return Stream.of(
                        new MemoryStoresApi(stores, memories).routes(),
                        new AutomationsApi(automations, agents).routes())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public void close() {
        if (runner != null) {
            runner.close();
        }
    }
}
