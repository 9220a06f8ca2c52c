package entrepot.app.server;

import entrepot.gateway.agents.AgentsApi;
import entrepot.gateway.agents.ApprovalsApi;
import entrepot.gateway.agents.VaultsApi;
import entrepot.gateway.automations.AutomationsApi;
import entrepot.gateway.bundles.BundleApi;
import entrepot.gateway.door.Route;
import entrepot.gateway.history.HistoryApi;
import entrepot.gateway.mcp.AgentTools;
import entrepot.gateway.mcp.McpApi;
import entrepot.identity.Ids;
import entrepot.market.Market;
import entrepot.runtime.AgentRuntime;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** Where agents, their sessions and what belongs to them are served. */
final class AgentDoors {

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    private AgentDoors() {}

    static List<Route> routes(
            AgentRuntime runtime,
            ToolRooms tools,
            Errands errands,
            Market market,
            Ids ids,
            InstantSource clock) {
        var agents =
                new AgentsApi(
                        new AgentsApi.Parts(
                                runtime.agents(),
                                runtime.sessions(),
                                tools.vaults,
                                tools.skills,
                                tools.environments.places,
                                market,
                                ids),
                        KEEP_ALIVE);
        var vaults = new VaultsApi(tools.vaults, tools.reach);
        var mcp = new McpApi(new AgentTools(runtime.agents(), runtime.sessions(), tools.folders));
        var approvals = new ApprovalsApi(runtime.sessions());
        var history = new HistoryApi(runtime.sessions(), runtime.histories(), market);
        var bundles = new BundleApi(runtime.sessions(), runtime.histories(), clock);
        var automations = new AutomationsApi(tools.automations, agents);
        return Stream.of(
                        agents.routes(),
                        automations.routes(),
                        approvals.routes(),
                        history.routes(),
                        bundles.routes(),
                        vaults.routes(),
                        tools.routes(),
                        errands.routes(),
                        mcp.routes())
                .flatMap(List::stream)
                .toList();
    }
}
