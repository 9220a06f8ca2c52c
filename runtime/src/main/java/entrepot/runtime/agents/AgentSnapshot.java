package entrepot.runtime.agents;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

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
         * @param allowedTools null for all
         * @param origin where connections to it begin
         * @param credentialId which of the session's vault credentials it gets; null for the one
         *     that matches its URL
         * @param requestMetadata sent as {@code _meta} with each request to it
         * @param required whether a turn fails when the server cannot be reached
         */
        record Server(
                String label,
                Transport transport,
                @Nullable List<String> allowedTools,
                Origin origin,
                @Nullable String credentialId,
                Map<String, JsonNode> requestMetadata,
                boolean required)
                implements ToolSpec {
            public Server {
                Objects.requireNonNull(label, "label");
                Objects.requireNonNull(transport, "transport");
                allowedTools = allowedTools == null ? null : List.copyOf(allowedTools);
                origin = Objects.requireNonNullElse(origin, Origin.SERVICE);
                requestMetadata =
                        requestMetadata == null
                                ? Map.of()
                                : Collections.unmodifiableMap(new TreeMap<>(requestMetadata));
            }

            /**
             * A server that is reached by its URL and needs nothing else.
             *
             * @param url {@code entrepot:folder/NAME} for a folder the operator has allowed
             */
            public static Server at(String label, String url, @Nullable List<String> allowedTools) {
                return new Server(
                        label,
                        new Transport.Http(url, Map.of(), null),
                        allowedTools,
                        Origin.SERVICE,
                        null,
                        Map.of(),
                        false);
            }

            /** How its place is told: the URL, or the command that starts it. */
            public String address() {
                return switch (transport) {
                    case Transport.Http http -> http.url();
                    case Transport.Stdio stdio -> stdio.command();
                };
            }
        }
    }

    /** Where connections to a tool server begin. */
    public enum Origin {
        /** At this node. */
        SERVICE,
        /** In the session's environment. */
        ENVIRONMENT
    }

    /** How a tool server is reached. Secrets stand in it sealed, never as they are. */
    public sealed interface Transport {

        /**
         * @param headers that are no secret
         * @param sealed headers that may be; null for none
         */
        record Http(String url, Map<String, String> headers, @Nullable String sealed)
                implements Transport {
            public Http {
                Objects.requireNonNull(url, "url");
                headers =
                        headers == null
                                ? Map.of()
                                : Collections.unmodifiableMap(new TreeMap<>(headers));
            }
        }

        /**
         * A process, to be started in the session's environment and nowhere else.
         *
         * @param envVars names of variables it gets from the environment
         * @param sealed variables it gets besides; null for none
         */
        record Stdio(
                String command,
                List<String> args,
                String cwd,
                List<String> envVars,
                @Nullable String sealed)
                implements Transport {
            public Stdio {
                Objects.requireNonNull(command, "command");
                Objects.requireNonNull(cwd, "cwd");
                args = args == null ? List.of() : List.copyOf(args);
                envVars = envVars == null ? List.of() : List.copyOf(envVars);
            }
        }
    }
}
