package entrepot.runtime.tools;

import entrepot.identity.Caller;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/** Where agents' tool servers are found. */
@FunctionalInterface
public interface ToolServers {

    /** What the tools of a session's environment are labelled; no caller can name it. */
    String ENVIRONMENT = "entrepot:environment";

    /** The tool of an environment whose uses are shown as commands. */
    String RUN_COMMAND = "run_command";

    ToolServers NONE = (spec, context) -> Optional.empty();

    /**
     * The server an agent names, if there may be one here. Quick: it is not asked whether the
     * server answers.
     */
    Optional<ToolServer> find(ToolSpec.Server spec, Context context);

    /**
     * For whom a server is found.
     *
     * @param sessionId null while there is no session yet
     * @param vaultIds the vaults whose credentials may be used
     * @param environmentId null when the session has no environment
     */
    record Context(
            String tenant,
            String team,
            String principal,
            @Nullable String sessionId,
            List<String> vaultIds,
            @Nullable String environmentId) {
        public Context {
            vaultIds = List.copyOf(vaultIds);
        }

        /** A caller who has no session yet. */
        public static Context of(Caller caller, List<String> vaultIds) {
            return new Context(
                    caller.tenant(), caller.team(), caller.principal(), null, vaultIds, null);
        }
    }

    /** The first of several that knows the server. */
    static ToolServers of(List<ToolServers> all) {
        List<ToolServers> kept = List.copyOf(all);
        return (spec, context) ->
                kept.stream().flatMap(servers -> servers.find(spec, context).stream()).findFirst();
    }
}
