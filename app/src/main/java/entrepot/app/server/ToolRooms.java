package entrepot.app.server;

import entrepot.app.settings.Settings;
import entrepot.gateway.door.Route;
import entrepot.gateway.memory.MemoryStoresApi;
import entrepot.gateway.skills.SkillsApi;
import entrepot.identity.Ids;
import entrepot.runtime.automations.Automations;
import entrepot.runtime.environments.Environments;
import entrepot.runtime.memory.Memories;
import entrepot.runtime.memory.MemoryStores;
import entrepot.runtime.outside.Outside;
import entrepot.runtime.outside.Reach;
import entrepot.runtime.skills.Skills;
import entrepot.runtime.tools.FolderSearch;
import entrepot.runtime.tools.Folders;
import entrepot.runtime.tools.ToolServers;
import entrepot.runtime.tools.automations.AutomationTools;
import entrepot.runtime.tools.mcp.McpServers;
import entrepot.runtime.tools.mcp.McpSettings;
import entrepot.runtime.tools.memory.MemoryTools;
import entrepot.runtime.tools.skills.SkillTools;
import entrepot.runtime.tools.web.SearchProvider;
import entrepot.runtime.tools.web.WebTools;
import entrepot.runtime.vaults.McpTokens;
import entrepot.runtime.vaults.Sealer;
import entrepot.runtime.vaults.Vaults;
import entrepot.runtime.webhooks.Webhooks;
import entrepot.store.Database;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What agents' tools are made of: folders, memory stores, servers elsewhere, and the vaults of
 * credentials.
 */
final class ToolRooms implements AutoCloseable {

    /** The tables of all that is in them. */
    static final List<Database.Migrations> MIGRATIONS =
            List.of(
                    Vaults.MIGRATIONS,
                    Memories.MIGRATIONS,
                    Automations.MIGRATIONS,
                    Webhooks.MIGRATIONS,
                    Skills.MIGRATIONS,
                    Environments.MIGRATIONS);

    final Reach reach;
    final Folders folders;
    final Vaults vaults;
    final ToolServers servers;
    final Automations automations;
    final Webhooks webhooks;
    final Skills skills;
    final Outside outside;
    final EnvironmentRooms environments;

    private final MemoryStores stores;
    private final Memories memories;
    private final McpServers mcp;

    /**
     * What it is made of.
     *
     * @param environment variables of the process, for the operator's servers
     */
    record Parts(
            Settings settings,
            Map<String, String> environment,
            Database database,
            Ids ids,
            InstantSource clock,
            SecureRandom random) {}

    ToolRooms(Parts parts, FolderSearch search) {
        Settings settings = parts.settings();
        folders = new Folders(search);
        settings.folders().forEach(folders::allow);
        Sealer sealer = VaultFile.read(settings.vaultKey(), settings.vaultFile(), parts.random());
        reach = new Reach(settings.mcpHosts());
        outside = new Outside(reach);
        vaults = new Vaults(parts.database(), parts.ids(), sealer);
        webhooks = new Webhooks(parts.database(), parts.ids(), sealer, reach, parts.random());
        mcp =
                new McpServers(
                        new McpServers.Parts(
                                outside,
                                new McpTokens(parts.database(), sealer, outside, parts.clock()),
                                sealer,
                                McpFile.read(settings.mcpFile(), parts.environment()),
                                McpSettings.DEFAULT,
                                parts.clock()));
        stores = new MemoryStores(parts.database(), parts.ids());
        memories = new Memories(parts.database(), parts.ids());
        skills = new Skills(parts.database(), parts.ids());
        automations = new Automations(parts.database(), parts.ids(), parts.clock());
        environments =
                new EnvironmentRooms(
                        settings, parts.database(), parts.ids(), parts.clock(), sealer);
        servers =
                ToolServers.of(
                        List.of(
                                folders,
                                new MemoryTools(stores, memories),
                                new AutomationTools(automations, parts.clock()),
                                new SkillTools(skills),
                                new WebTools(outside, provider(parts, outside)),
                                mcp,
                                environments.tools));
    }

    /** Where what tools keep is seen and changed. */
    List<Route> routes() {
        return Stream.of(
                        new MemoryStoresApi(stores, memories).routes(),
                        new SkillsApi(skills).routes(),
                        environments.routes())
                .flatMap(List::stream)
                .toList();
    }

    /** The search engine that the operator has set up. */
    private static @Nullable SearchProvider provider(Parts parts, Outside outside) {
        return WebFile.read(
                parts.settings().mcpFile().resolveSibling("web.yaml"),
                parts.environment(),
                outside);
    }

    @Override
    public void close() {
        environments.close();
        mcp.close();
        outside.close();
    }
}
