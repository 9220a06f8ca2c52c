package entrepot.runtime.vaults;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** A set of credentials. */
public record Vault(
        String id, @Nullable String name, Map<String, String> metadata, long createdSeconds) {

    public Vault {
        metadata = Map.copyOf(metadata);
    }
}
