package entrepot.gateway;

import entrepot.gateway.agents.AgentsApi;
import entrepot.gateway.automations.AutomationsApi;
import entrepot.gateway.door.Route;
import entrepot.gateway.memory.MemoryStoresApi;
import entrepot.gateway.skills.SkillsApi;
import entrepot.gateway.webhooks.WebhooksApi;
import entrepot.identity.Ids;
import entrepot.runtime.AgentRuntime;
import entrepot.runtime.automations.AutomationRunner;
import entrepot.runtime.automations.Automations;
import entrepot.runtime.facts.FactCodec;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.memory.Memories;
import entrepot.runtime.memory.MemoryStores;
import entrepot.runtime.outside.Outside;
import entrepot.runtime.skills.Skills;
import entrepot.runtime.tools.ToolServers;
import entrepot.runtime.tools.automations.AutomationTools;
import entrepot.runtime.tools.memory.MemoryTools;
import entrepot.runtime.tools.skills.SkillTools;
import entrepot.runtime.tools.web.SearchProvider;
import entrepot.runtime.tools.web.WebTools;
import entrepot.runtime.vaults.Sealer;
import entrepot.runtime.webhooks.WebhookRunner;
import entrepot.runtime.webhooks.Webhooks;
import entrepot.store.Database;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What is served beside agents and sessions: what they remember, and what begins by itself. */
final class AgentShelf implements AutoCloseable {

    private final Database database;
    private final Ids ids;
    private final InstantSource clock;
    private final MemoryStores stores;
    private final Memories memories;
    private final Automations automations;
    private final Outside outside;
    private final Skills skills;
    private final Webhooks webhooks;
    private final WebhookRunner teller;
    private @Nullable AutomationRunner runner;

    AgentShelf(Database database, Outside outside, Sealer sealer, Ids ids, InstantSource clock) {
        this.database = database;
        this.ids = ids;
        this.clock = clock;
        database.migrate(
                List.of(
                        Memories.MIGRATIONS,
                        Automations.MIGRATIONS,
                        Webhooks.MIGRATIONS,
                        Skills.MIGRATIONS));
        stores = new MemoryStores(database, ids);
        memories = new Memories(database, ids);
        automations = new Automations(database, ids, clock);
        skills = new Skills(database, ids);
        this.outside = outside;
        webhooks = new Webhooks(database, ids, sealer, outside.reach(), new Random(2));
        var journal = new Journal(database, new FactCodec());
        teller = new WebhookRunner(database, journal, webhooks, outside, ids, clock);
    }

    Skills skills() {
        return skills;
    }

    /**
     * @param provider null for no search engine
     */
    ToolServers tools(@Nullable SearchProvider provider) {
        return ToolServers.of(
                List.of(
                        new MemoryTools(stores, memories),
                        new AutomationTools(automations, clock),
                        new SkillTools(skills),
                        new WebTools(outside, provider)));
    }

    void start(AgentRuntime runtime) {
        var started =
                new AutomationRunner(database, runtime.sessions(), runtime.agents(), ids, clock);
        started.start();
        runner = started;
        runtime.onGrowth(teller::grown);
        teller.start();
    }

    List<Route> routes(AgentsApi agents) {
        return Stream.of(
                        new MemoryStoresApi(stores, memories).routes(),
                        new SkillsApi(skills).routes(),
                        new AutomationsApi(automations, agents).routes(),
                        new WebhooksApi(webhooks, teller).routes())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public void close() {
        teller.close();
        if (runner != null) {
            runner.close();
        }
    }
}
