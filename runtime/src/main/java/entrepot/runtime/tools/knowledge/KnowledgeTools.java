package entrepot.runtime.tools.knowledge;

import entrepot.knowledge.Knowledge;
import entrepot.knowledge.sources.SourceSettings;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServers;

import java.util.Collection;
import java.util.Optional;

/**
 * Company data as a tool server: {@code entrepot:knowledge} for all sources of the tenant, {@code
 * entrepot:knowledge/SOURCE} for one. Whether there is such a source is told when it is used, to
 * those of its tenant.
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
    public Optional<ToolServer> find(ToolSpec.Server spec) {
        String url = spec.serverUrl();
        if (url.equals(URL)) {
            return Optional.of(new KnowledgeServer(knowledge, groups, ""));
        }
        String prefix = URL + "/";
        if (!url.startsWith(prefix) || !SourceSettings.isId(url.substring(prefix.length()))) {
            return Optional.empty();
        }
        return Optional.of(new KnowledgeServer(knowledge, groups, url.substring(prefix.length())));
    }
}
