package entrepot.runtime.tools.memory;

import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.memory.Memories;
import entrepot.runtime.memory.MemoryStore;
import entrepot.runtime.memory.MemoryStores;
import entrepot.runtime.memory.Viewer;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServers;

import java.util.List;
import java.util.Optional;

/**
 * Memory stores as a tool server: {@code entrepot:memory/STORE}, {@code
 * entrepot:memory/STORE:read_only}, or up to eight of them parted by commas. An agent has those
 * that it names and no other; a store of another tenant or team is as if it were not there.
 */
public final class MemoryTools implements ToolServers {

    public static final String URL_PREFIX = "entrepot:memory/";

    private final MemoryStores stores;
    private final Memories memories;

    public MemoryTools(MemoryStores stores, Memories memories) {
        this.stores = stores;
        this.memories = memories;
    }

    @Override
    public Optional<ToolServer> find(ToolSpec.Server spec, Context context) {
        String url = spec.address();
        if (!url.startsWith(URL_PREFIX)) {
            return Optional.empty();
        }
        List<Grant> grants = Grant.parse(url.substring(URL_PREFIX.length()));
        if (grants == null) {
            return Optional.empty();
        }
        var viewer = new Viewer(context.tenant(), context.team());
        // A session that there is finds out when it asks: a store may go and others stay.
        boolean there =
                context.sessionId() != null
                        || grants.stream().allMatch(grant -> isOpen(viewer, grant));
        return there
                ? Optional.of(new MemoryServer(stores, memories, context, grants))
                : Optional.empty();
    }

    private boolean isOpen(Viewer viewer, Grant grant) {
        Optional<MemoryStore> store = stores.find(viewer, grant.storeId());
        return store.isPresent() && store.get().archivedMillis() == null;
    }
}
