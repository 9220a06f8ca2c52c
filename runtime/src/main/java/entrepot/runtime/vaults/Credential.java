package entrepot.runtime.vaults;

import java.util.Map;

/** A credential as it is shown: without its secrets. */
public record Credential(
        String id,
        String vaultId,
        String name,
        Map<String, String> metadata,
        Auth auth,
        long createdSeconds,
        long updatedSeconds) {

    public Credential {
        metadata = Map.copyOf(metadata);
    }
}
