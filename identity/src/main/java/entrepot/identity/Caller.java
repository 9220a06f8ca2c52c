package entrepot.identity;

import java.util.Objects;
import java.util.Set;

/**
 * Whose call it is, down to the credential. Resolved once and never changed.
 *
 * @param keyId the key's public id, never the key
 */
public record Caller(
        String tenant, String team, String principal, String keyId, Set<Scope> scopes) {

    public Caller {
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(team, "team");
        Objects.requireNonNull(principal, "principal");
        Objects.requireNonNull(keyId, "keyId");
        scopes = Set.copyOf(scopes);
    }

    public boolean may(Scope scope) {
        return scopes.contains(scope);
    }

    /** What a key is good for. */
    public enum Scope {
        /** Call models. */
        MODELS,
        /** Create and drive agents and sessions. */
        AGENTS,
        /** Manage keys, see every session and every receipt of the tenant. */
        ADMIN
    }
}
