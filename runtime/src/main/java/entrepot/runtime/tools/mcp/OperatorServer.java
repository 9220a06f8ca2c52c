package entrepot.runtime.tools.mcp;

import entrepot.identity.Secret;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A tool server that the operator has set up under a name. It may be anywhere.
 *
 * @param tenants that may use it; empty for all
 */
public record OperatorServer(String name, Way way, List<String> tenants) {

    public OperatorServer {
        tenants = List.copyOf(tenants);
    }

    /** How it is reached. */
    public sealed interface Way permits Http, Command {}

    public record Http(URI url, Map<String, Secret> headers) implements Way {
        public Http {
            headers = Map.copyOf(headers);
        }
    }

    /**
     * A process, one for each tenant that uses it.
     *
     * @param line the program and its arguments
     * @param folder it starts in; null for ours
     */
    public record Command(List<String> line, @Nullable Path folder, Map<String, Secret> environment)
            implements Way {
        public Command {
            line = List.copyOf(line);
            environment = Map.copyOf(environment);
        }
    }
}
