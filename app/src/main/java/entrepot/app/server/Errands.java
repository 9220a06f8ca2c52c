package entrepot.app.server;

import entrepot.gateway.door.Route;
import entrepot.gateway.webhooks.WebhooksApi;
import entrepot.identity.Ids;
import entrepot.runtime.AgentRuntime;
import entrepot.runtime.automations.AutomationRunner;
import entrepot.runtime.facts.FactCodec;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.webhooks.WebhookRunner;
import entrepot.store.Database;

import java.time.InstantSource;
import java.util.List;

/** What this node does by itself for agents, beside driving their sessions. */
final class Errands implements AutoCloseable {

    private final AutomationRunner automations;
    private final WebhookRunner webhooks;
    private final WebhooksApi api;

    Errands(
            Database database,
            AgentRuntime runtime,
            ToolRooms tools,
            Ids ids,
            InstantSource clock) {
        automations =
                new AutomationRunner(database, runtime.sessions(), runtime.agents(), ids, clock);
        webhooks =
                new WebhookRunner(
                        database,
                        new Journal(database, new FactCodec()),
                        tools.webhooks,
                        tools.outside,
                        ids,
                        clock);
        runtime.onGrowth(webhooks::grown);
        api = new WebhooksApi(tools.webhooks, webhooks);
    }

    List<Route> routes() {
        return api.routes();
    }

    void start() {
        automations.start();
        webhooks.start();
    }

    @Override
    public void close() {
        automations.close();
        webhooks.close();
    }
}
