package entrepot.runtime.vaults;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What a credential is for and how it is used, without its secrets. */
public sealed interface Auth {

    /** A token of OAuth for an MCP server. */
    record McpOauth(String mcpServerUrl, @Nullable Long expiresMillis, @Nullable Refresh refresh)
            implements Auth {}

    /**
     * How a new access token is got (RFC 6749 §6).
     *
     * @param resource RFC 8707; null for none
     * @param scope parted by spaces; null for none
     */
    record Refresh(
            String clientId,
            String tokenEndpoint,
            ClientAuth tokenEndpointAuth,
            @Nullable String resource,
            @Nullable String scope) {}

    /** How the client shows at the token endpoint that it is itself. */
    enum ClientAuth {
        NONE,
        CLIENT_SECRET_BASIC,
        CLIENT_SECRET_POST
    }

    /** A token for an MCP server that stays as it is. */
    record StaticBearer(String mcpServerUrl) implements Auth {}

    /**
     * A variable of a hosted environment.
     *
     * @param allowedHosts where it may be sent; null for wherever the environment may go
     */
    record EnvironmentVariable(String secretName, @Nullable List<String> allowedHosts)
            implements Auth {
        public EnvironmentVariable {
            allowedHosts = allowedHosts == null ? null : List.copyOf(allowedHosts);
        }
    }

    /** The MCP server it is for; null for none. */
    default @Nullable String mcpServerUrlIf() {
        return switch (this) {
            case McpOauth oauth -> oauth.mcpServerUrl();
            case StaticBearer bearer -> bearer.mcpServerUrl();
            case EnvironmentVariable variable -> null;
        };
    }
}
