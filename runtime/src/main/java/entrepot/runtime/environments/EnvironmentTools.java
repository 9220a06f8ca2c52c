package entrepot.runtime.environments;

import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServers;

import java.util.Optional;

/** The tools of a session's environment, which every agent in it has. */
public final class EnvironmentTools implements ToolServers {

    private final Environments.Parts parts;
    private final EnvironmentTable table;
    private final Setup setup;

    public EnvironmentTools(Environments.Parts parts) {
        this.parts = parts;
        this.table = new EnvironmentTable(parts.database());
        this.setup = new Setup(parts);
    }

    @Override
    public Optional<ToolServer> find(ToolSpec.Server spec, Context context) {
        String id = context.environmentId();
        return id == null || !spec.label().equals(ToolServers.ENVIRONMENT)
                ? Optional.empty()
                : Optional.of(new EnvironmentServer(parts, table, setup, context.tenant(), id));
    }
}
