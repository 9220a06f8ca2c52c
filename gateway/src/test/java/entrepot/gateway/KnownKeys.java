package entrepot.gateway;

import entrepot.identity.Caller;
import entrepot.identity.Keys;
import entrepot.identity.Secret;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Keys in memory: {@code sk-all}, {@code sk-models} and {@code sk-other-team} are there. */
public final class KnownKeys implements Keys {

    public static final String ALL = "sk-all-9aX2secret";
    public static final String MODELS = "sk-models-9aX2secret";
    public static final String AGENTS = "sk-agents-9aX2secret";
    public static final String OTHER_TENANT = "sk-other-9aX2secret";

    private final Map<String, Key> keys = new LinkedHashMap<>();
    private final AtomicInteger resolved = new AtomicInteger();

    public KnownKeys() {
        add(ALL, "acme", EnumSet.allOf(Caller.Scope.class));
        add(MODELS, "acme", Set.of(Caller.Scope.MODELS));
        add(AGENTS, "acme", Set.of(Caller.Scope.AGENTS));
        add(OTHER_TENANT, "umbrella", EnumSet.allOf(Caller.Scope.class));
    }

    /** How often a key was looked up. */
    public int resolved() {
        return resolved.get();
    }

    private void add(String secret, String tenant, Set<Caller.Scope> scopes) {
        keys.put(secret, key(new NewKey(tenant, "core-team", "ada", secret, scopes, null), secret));
    }

    private Key key(NewKey wanted, String secret) {
        return new Key(
                "key_" + (keys.size() + 1),
                wanted.tenant(),
                wanted.team(),
                wanted.principal(),
                wanted.name(),
                secret.substring(0, 6),
                wanted.scopes(),
                Instant.EPOCH,
                wanted.expiresAt(),
                null,
                null);
    }

    @Override
    public synchronized Optional<Caller> resolve(String presented) {
        resolved.incrementAndGet();
        return Optional.ofNullable(keys.get(presented))
                .map(k -> new Caller(k.tenant(), k.team(), k.principal(), k.id(), k.scopes()));
    }

    @Override
    public synchronized Issued create(NewKey wanted) {
        String secret = "sk-made-" + (keys.size() + 1);
        Key made = key(wanted, secret);
        keys.put(secret, made);
        return new Issued(made, new Secret(secret));
    }

    @Override
    public synchronized Issued createSigning(NewKey wanted) {
        String id = "EKIAKNOWN%011d".formatted(keys.size() + 1);
        Secret secret = new Secret("signing-" + id);
        Key like = key(wanted, id);
        Key made =
                new Key(
                        like.id(),
                        like.tenant(),
                        like.team(),
                        like.principal(),
                        like.name(),
                        id,
                        like.scopes(),
                        like.createdAt(),
                        like.expiresAt(),
                        null,
                        null);
        keys.put(secret.reveal(), made);
        return new Issued(made, secret);
    }

    @Override
    public synchronized Optional<Secret> signingSecret(String accessKeyId) {
        return Optional.of(new Secret("signing-" + accessKeyId))
                .filter(secret -> keys.containsKey(secret.reveal()));
    }

    @Override
    public Optional<Caller> signer(String accessKeyId) {
        return resolve("signing-" + accessKeyId);
    }

    @Override
    public synchronized List<Key> list(String tenant) {
        return new ArrayList<>(
                keys.values().stream().filter(key -> key.tenant().equals(tenant)).toList());
    }

    @Override
    public synchronized boolean revoke(String tenant, String keyId) {
        return keys.values().removeIf(key -> key.tenant().equals(tenant) && key.id().equals(keyId));
    }
}
