package entrepot.runtime.tools.knowledge;

import entrepot.knowledge.Knowledge;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServers;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * Company data as a tool server: {@code entrepot:knowledge} for all sources of the tenant, {@code
 * entrepot:knowledge/SOURCE} for one. Another tenant's source is as if it were not there.
 */
public final class KnowledgeTools implements ToolServers {

    public static final String URL = "entrepot:knowledge";

    private final Knowledge knowledge;
    private final GroupsOf groups;

    /** Which groups a principal of a tenant is in. */
    @FunctionalInterface
    public interface GroupsOf {
        Collection<String> of(String tenant, String principal);
    }

    public KnowledgeTools(Knowledge knowledge, GroupsOf groups) {
        this.knowledge = knowledge;
        this.groups = groups;
    }

    @Override
    public Optional<ToolServer> find(ToolSpec.Server spec, Context context) {
        String url = spec.address();
        Set<String> sources = knowledge.sourceIds(context.tenant());
        if (url.equals(URL)) {
            return Optional.of(new KnowledgeServer(knowledge, groups, context, sources));
        }
        String prefix = URL + "/";
        String only = url.startsWith(prefix) ? url.substring(prefix.length()) : "";
        return sources.contains(only)
                ? Optional.of(new KnowledgeServer(knowledge, groups, context, Set.of(only)))
                : Optional.empty();
    }
}
