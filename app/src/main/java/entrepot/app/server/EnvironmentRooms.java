package entrepot.app.server;

import entrepot.app.settings.Settings;
import entrepot.gateway.agents.AgentsApi;
import entrepot.gateway.door.Route;
import entrepot.gateway.environments.EnvironmentsApi;
import entrepot.gateway.environments.SessionPlaces;
import entrepot.identity.Ids;
import entrepot.runtime.environments.EnvironmentSettings;
import entrepot.runtime.environments.EnvironmentTools;
import entrepot.runtime.environments.Environments;
import entrepot.runtime.environments.Templates;
import entrepot.runtime.sandbox.Sandbox;
import entrepot.runtime.tools.ToolServers;
import entrepot.runtime.vaults.Sealer;
import entrepot.store.Database;

import java.time.InstantSource;
import java.util.List;

/** Where the commands of sessions run on this node. */
final class EnvironmentRooms implements AutoCloseable {

    final Environments environments;
    final ToolServers tools;
    final SessionPlaces places;

    private final Templates templates;

    EnvironmentRooms(
            Settings settings, Database database, Ids ids, InstantSource clock, Sealer sealer) {
        var parts =
                new Environments.Parts(
                        database,
                        ids,
                        sealer,
                        new Sandbox(settings.sandbox()),
                        Environments.StoredCopies.NONE,
                        EnvironmentSettings.in(settings.environments())
                                .withExpiry(settings.environmentsKept()),
                        clock);
        environments = new Environments(parts).start();
        tools = new EnvironmentTools(parts);
        templates = new Templates(database, ids, sealer);
        places = new SessionPlaces(environments, templates);
    }

    List<Route> routes() {
        return new EnvironmentsApi(environments, templates).routes(AgentsApi::route);
    }

    @Override
    public void close() {
        environments.close();
    }
}
