package entrepot.runtime.agents;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Objects;

/**
 * An agent as a session keeps it from its start to its end, whatever becomes of the saved agent.
 *
 * @param id of the saved agent, or a session-local one for an inline agent
 * @param model as asked for
 * @param settings what the surface lets a caller set beyond these, with defaults resolved
 */
public record AgentSnapshot(
        String id,
        @Nullable String name,
        String model,
        @Nullable String instructions,
        List<ToolSpec> tools,
        JsonNode settings) {

    public AgentSnapshot {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(model, "model");
        tools = List.copyOf(tools);
    }

    /** A tool as an agent names it. */
    public sealed interface ToolSpec {

        /** Runs in the caller's application. */
        record Function(String name, @Nullable String description, @Nullable JsonNode parameters)
                implements ToolSpec {}

        /**
         * A tool server of ours or elsewhere.
         *
         * @param serverUrl {@code entrepot:folder/NAME} for a folder the operator has allowed
         * @param allowedTools null for all
         */
        record Server(String label, String serverUrl, @Nullable List<String> allowedTools)
                implements ToolSpec {
            public Server {
                allowedTools = allowedTools == null ? null : List.copyOf(allowedTools);
            }
        }
    }
}
