package entrepot.identity;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** API keys: made once, shown once, stored as hashes, answered from memory. */
public interface Keys {

    /**
     * Who presents this key; empty when it is unknown, expired or revoked. Answers from memory and
     * takes note of the use; safe on any thread.
     */
    Optional<Caller> resolve(String presented);

    /** Makes a key. The secret in the answer is never to be had again. */
    Issued create(NewKey key);

    /**
     * Makes a key that requests are signed with, as AWS's clients do: its {@code prefix} is the
     * whole access key id, which may be shown, and the secret is its secret access key.
     *
     * @throws IllegalStateException when this server cannot make such keys
     */
    Issued createSigning(NewKey key);

    /**
     * The secret that belongs to an access key id; empty when it is unknown, expired or revoked.
     * Answers from memory.
     */
    Optional<Secret> signingSecret(String accessKeyId);

    /**
     * Who signs with this access key id, once a signature of it was verified; takes note of the
     * use. Empty as {@link #signingSecret}.
     */
    Optional<Caller> signer(String accessKeyId);

    List<Key> list(String tenant);

    /** Ends a key. Returns whether the tenant had such a key in force. */
    boolean revoke(String tenant, String keyId);

    record NewKey(
            String tenant,
            String team,
            String principal,
            String name,
            Set<Caller.Scope> scopes,
            @Nullable Instant expiresAt) {}

    /**
     * A key as it may be shown.
     *
     * @param prefix the first letters of the secret, enough to recognise it by
     */
    record Key(
            String id,
            String tenant,
            String team,
            String principal,
            String name,
            String prefix,
            Set<Caller.Scope> scopes,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant revokedAt,
            @Nullable Instant lastUsedAt) {}

    record Issued(Key key, Secret secret) {}
}
