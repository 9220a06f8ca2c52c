package entrepot.runtime.tools;

import entrepot.runtime.agents.AgentSnapshot.ToolSpec;

import java.util.List;
import java.util.Optional;

/** Where agents' tool servers are found. */
@FunctionalInterface
public interface ToolServers {

    ToolServers NONE = spec -> Optional.empty();

    /** The server an agent names, if there is one here. */
    Optional<ToolServer> find(ToolSpec.Server spec);

    /** The first of several that knows the server. */
    static ToolServers of(List<ToolServers> all) {
        List<ToolServers> kept = List.copyOf(all);
        return spec -> kept.stream().flatMap(servers -> servers.find(spec).stream()).findFirst();
    }
}
