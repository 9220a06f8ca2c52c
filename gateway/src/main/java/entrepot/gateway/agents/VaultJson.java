package entrepot.gateway.agents;

import entrepot.protocols.json.Json;
import entrepot.runtime.vaults.Auth;
import entrepot.runtime.vaults.Credential;
import entrepot.runtime.vaults.Vault;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.Locale;

/** Vaults and credentials as the API shows them: never their secrets. */
final class VaultJson {

    private VaultJson() {}

    static ObjectNode vault(Vault vault) {
        ObjectNode json = Json.object().put("id", vault.id()).put("object", "vault");
        json.put("name", vault.name()).put("created_at", vault.createdSeconds());
        json.set("metadata", AgentJson.metadata(vault.metadata()));
        return json;
    }

    static ObjectNode credential(Credential credential) {
        ObjectNode json =
                Json.object()
                        .put("id", credential.id())
                        .put("object", "vault.credential")
                        .put("vault_id", credential.vaultId())
                        .put("name", credential.name())
                        .put("created_at", credential.createdSeconds())
                        .put("updated_at", credential.updatedSeconds());
        json.set("metadata", AgentJson.metadata(credential.metadata()));
        json.set("auth", auth(credential.auth()));
        return json;
    }

    private static ObjectNode auth(Auth auth) {
        ObjectNode json = Json.object();
        switch (auth) {
            case Auth.McpOauth oauth -> {
                json.put("type", "mcp_oauth").put("mcp_server_url", oauth.mcpServerUrl());
                json.put("expires_at", time(oauth.expiresMillis()));
                if (oauth.refresh() == null) {
                    json.putNull("refresh");
                } else {
                    refresh(json.putObject("refresh"), oauth.refresh());
                }
            }
            case Auth.StaticBearer bearer ->
                    json.put("type", "static_bearer").put("mcp_server_url", bearer.mcpServerUrl());
            case Auth.EnvironmentVariable variable -> {
                json.put("type", "environment_variable").put("secret_name", variable.secretName());
                ObjectNode networking = json.putObject("networking");
                if (variable.allowedHosts() == null) {
                    networking.put("type", "unrestricted");
                } else {
                    variable.allowedHosts()
                            .forEach(
                                    networking.put("type", "limited").putArray("allowed_hosts")
                                            ::add);
                }
            }
        }
        return json;
    }

    private static @Nullable String time(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis).toString();
    }

    private static void refresh(ObjectNode json, Auth.Refresh refresh) {
        json.put("client_id", refresh.clientId())
                .put("token_endpoint", refresh.tokenEndpoint())
                .put("resource", refresh.resource())
                .put("scope", refresh.scope())
                .putObject("token_endpoint_auth")
                .put("type", refresh.tokenEndpointAuth().name().toLowerCase(Locale.ROOT));
    }

    static ObjectNode deleted(String id, String object) {
        return Json.object().put("id", id).put("deleted", true).put("object", object);
    }
}
