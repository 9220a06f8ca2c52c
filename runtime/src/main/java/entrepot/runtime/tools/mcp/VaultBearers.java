package entrepot.runtime.tools.mcp;

import entrepot.identity.Secret;
import entrepot.runtime.tools.ToolServerUnavailable;
import entrepot.runtime.tools.ToolServers;
import entrepot.runtime.vaults.McpTokens;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** The credential for a server from the vaults of a session. */
final class VaultBearers implements Bearers {

    private final McpTokens tokens;
    private final ToolServers.Context context;
    private final String url;
    private final @Nullable String credentialId;

    VaultBearers(
            McpTokens tokens,
            ToolServers.Context context,
            String url,
            @Nullable String credentialId) {
        this.tokens = tokens;
        this.context = context;
        this.url = url;
        this.credentialId = credentialId;
    }

    @Override
    public @Nullable Secret current() throws ToolServerUnavailable, InterruptedException {
        try {
            Optional<McpTokens.Found> found = find();
            return found.isEmpty() ? null : tokens.token(found.get());
        } catch (McpTokens.NoToken e) {
            throw new ToolServerUnavailable(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public boolean renew(Secret refused) throws InterruptedException {
        try {
            Optional<McpTokens.Found> found = find();
            return found.isPresent() && tokens.renew(found.get(), refused);
        } catch (McpTokens.NoToken e) {
            return false;
        }
    }

    private Optional<McpTokens.Found> find() throws McpTokens.NoToken {
        return tokens.find(context.tenant(), context.vaultIds(), url, credentialId);
    }
}
