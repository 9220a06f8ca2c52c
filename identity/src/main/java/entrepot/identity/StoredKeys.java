package entrepot.identity;

import entrepot.store.Database;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Keys in a database, answered from a snapshot in memory that is replaced as a whole. A database
 * that cannot be reached therefore turns no caller away; what other nodes changed arrives with the
 * next {@link #refresh}.
 */
public final class StoredKeys implements Keys, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoredKeys.class);

    /** A key's last use is written at most this often. */
    private static final long USE_MILLIS = 60_000;

    private static final int NAME_LENGTH_MAX = 200;

    private final Database database;
    private final InstantSource clock;
    private final Ids ids;
    private final RandomGenerator random;
    private final @Nullable SigningKeys signing;
    private final Map<String, Long> unwrittenUses = new ConcurrentHashMap<>();
    private volatile Snapshot snapshot = new Snapshot(Map.of(), Map.of(), -1, List.of());
    private @Nullable ScheduledExecutorService refresher;

    /**
     * Call {@link #refresh} before the first question, after the tables are up to date.
     *
     * @param random makes secrets, so a secure one
     */
    public StoredKeys(Database database, InstantSource clock, Ids ids, RandomGenerator random) {
        this(database, clock, ids, random, null);
    }

    /**
     * The same, with keys to sign with.
     *
     * @param signingMaster what their secrets are made from; the same on all nodes, and for good
     */
    public StoredKeys(
            Database database,
            InstantSource clock,
            Ids ids,
            RandomGenerator random,
            @Nullable Secret signingMaster) {
        this.database = database;
        this.clock = clock;
        this.ids = ids;
        this.random = random;
        this.signing = signingMaster == null ? null : new SigningKeys(signingMaster);
    }

    /**
     * @param byStart by the first eight bytes of the hash, then compared in full
     * @param signers by access key id
     * @param guessable prefixes of secrets that somebody chose badly
     */
    private record Snapshot(
            Map<Long, Held> byStart,
            Map<String, Held> signers,
            long changes,
            List<String> guessable) {}

    private record Held(Caller caller, byte[] hash, long expiresMillis, AtomicLong usedMillis) {}

    @Override
    public Optional<Caller> resolve(String presented) {
        if (presented.isEmpty() || presented.length() > KeyText.LENGTH_MAX) {
            return Optional.empty();
        }
        byte[] hash = KeyText.hash(presented);
        Held held = snapshot.byStart.get(start(hash));
        if (held == null || !MessageDigest.isEqual(held.hash, hash)) {
            return Optional.empty();
        }
        return used(held);
    }

    private Optional<Caller> used(Held held) {
        long now = clock.millis();
        if (now >= held.expiresMillis) {
            return Optional.empty();
        }
        noteUse(held, now);
        return Optional.of(held.caller);
    }

    @Override
    public Optional<Secret> signingSecret(String accessKeyId) {
        Held held = snapshot.signers.get(accessKeyId);
        if (held == null || signing == null || clock.millis() >= held.expiresMillis) {
            return Optional.empty();
        }
        Secret secret = signing.secretOf(accessKeyId);
        // Another master secret, as of a node that was set up apart, makes another one.
        return MessageDigest.isEqual(held.hash, KeyText.hash(secret.reveal()))
                ? Optional.of(secret)
                : Optional.empty();
    }

    @Override
    public Optional<Caller> signer(String accessKeyId) {
        return Optional.ofNullable(snapshot.signers.get(accessKeyId)).flatMap(this::used);
    }

    private void noteUse(Held held, long now) {
        long before = held.usedMillis.get();
        if (now - before >= USE_MILLIS && held.usedMillis.compareAndSet(before, now)) {
            unwrittenUses.put(held.caller.keyId(), now);
        }
    }

    /**
     * Makes a key. Its principal is added if it is new.
     *
     * @throws IllegalArgumentException when tenant or team are not there, or the key is of no use
     */
    @Override
    public Issued create(NewKey key) {
        Secret secret = KeyText.random(random);
        return create(key, secret, KeyText.prefix(secret));
    }

    @Override
    public Issued createSigning(NewKey key) {
        if (signing == null) {
            throw new IllegalStateException("This server has no master secret for signing keys.");
        }
        String accessKeyId = SigningKeys.randomId(random);
        return create(key, signing.secretOf(accessKeyId), accessKeyId);
    }

    private Issued create(NewKey key, Secret secret, String prefix) {
        Instant now = clock.instant();
        if (key.expiresAt() != null && !key.expiresAt().isAfter(now)) {
            throw new IllegalArgumentException(
                    "The key would have expired already, at " + key.expiresAt() + ".");
        }
        if (key.scopes().isEmpty()) {
            throw new IllegalArgumentException("A key needs at least one scope.");
        }
        if (key.name().length() > NAME_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "The name of a key has at most " + NAME_LENGTH_MAX + " characters.");
        }
        KeyTable.Stored stored = stored(key, secret, prefix, now);
        database.write(sql -> {
            Tenants.requireTeam(sql, key.tenant(), key.team());
            Tenants.addPrincipal(sql, key.tenant(), key.principal(), now.toEpochMilli());
            KeyTable.insert(sql, stored);
            return true;
        });
        refresh();
        return new Issued(stored.key(), secret);
    }

    /** What is stored of a new key. */
    KeyTable.Stored stored(NewKey key, Secret secret, Instant now) {
        return stored(key, secret, KeyText.prefix(secret), now);
    }

    private KeyTable.Stored stored(NewKey key, Secret secret, String prefix, Instant now) {
        Key made =
                new Key(
                        ids.next("key_"),
                        key.tenant(),
                        key.team(),
                        key.principal(),
                        key.name(),
                        prefix,
                        key.scopes(),
                        now,
                        key.expiresAt(),
                        null,
                        null);
        byte[] hash = KeyText.hash(secret.reveal());
        return new KeyTable.Stored(made, hash, KeyText.guessable(secret));
    }

    Secret newSecret() {
        return KeyText.random(random);
    }

    @Override
    public List<Key> list(String tenant) {
        return database.read(sql -> KeyTable.ofTenant(sql, tenant));
    }

    @Override
    public boolean revoke(String tenant, String keyId) {
        long now = clock.millis();
        boolean revoked = database.write(sql -> KeyTable.revoke(sql, tenant, keyId, now));
        refresh();
        return revoked;
    }

    /** The prefixes of keys in force whose secret can be guessed. */
    public List<String> guessable() {
        return snapshot.guessable;
    }

    /** Writes the last uses, and reads the keys again if any node changed them. */
    public synchronized void refresh() {
        writeUses();
        long now = clock.millis();
        Snapshot before = snapshot;
        snapshot =
                database.read(sql -> {
                    long changes = KeyTable.changes(sql);
                    return changes == before.changes
                            ? before
                            : loaded(KeyTable.inForce(sql, now), changes, before);
                });
    }

    /** Refreshes now and then until closed. A database out of reach is told of, once. */
    public synchronized void refreshEvery(long periodMillis) {
        if (refresher != null) {
            throw new IllegalStateException("The keys are being refreshed already.");
        }
        refresher =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("key-refresh").factory());
        var _ =
                refresher.scheduleWithFixedDelay(
                        new Refresh(), periodMillis, periodMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        ScheduledExecutorService running;
        synchronized (this) {
            running = refresher;
            refresher = null;
        }
        if (running != null) {
            running.close();
        }
        writeUses();
    }

    private final class Refresh implements Runnable {
        private boolean failing;

        @Override
        public void run() {
            try {
                refresh();
                failing = false;
            } catch (RuntimeException e) {
                if (!failing) {
                    LOG.warn("Keys are answered from memory for now: {}", e.getMessage());
                }
                failing = true;
            }
        }
    }

    private synchronized void writeUses() {
        Map<String, Long> uses = Map.copyOf(unwrittenUses);
        if (uses.isEmpty()) {
            return;
        }
        database.write(sql -> {
            KeyTable.noteUses(sql, uses);
            return uses.size();
        });
        uses.forEach(unwrittenUses::remove);
    }

    private static Snapshot loaded(List<KeyTable.Stored> rows, long changes, Snapshot before) {
        Map<Long, Held> byStart = HashMap.newHashMap(rows.size());
        var signers = new HashMap<String, Held>();
        for (KeyTable.Stored row : rows) {
            long start = start(row.hash());
            Held known = before.byStart.get(start);
            Held held = known == null ? held(row) : known;
            byStart.put(start, held);
            if (SigningKeys.isId(row.key().prefix())) {
                signers.put(row.key().prefix(), held);
            }
        }
        List<String> guessable =
                rows.stream()
                        .filter(KeyTable.Stored::guessable)
                        .map(row -> row.key().prefix())
                        .toList();
        return new Snapshot(byStart, signers, changes, guessable);
    }

    private static Held held(KeyTable.Stored row) {
        Key key = row.key();
        Caller caller =
                new Caller(key.tenant(), key.team(), key.principal(), key.id(), key.scopes());
        Instant expires = key.expiresAt();
        Instant used = key.lastUsedAt();
        return new Held(
                caller,
                row.hash(),
                expires == null ? Long.MAX_VALUE : expires.toEpochMilli(),
                new AtomicLong(used == null ? Long.MIN_VALUE / 2 : used.toEpochMilli()));
    }

    private static long start(byte[] hash) {
        long start = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            start = (start << Byte.SIZE) | (hash[i] & 0xff);
        }
        return start;
    }
}
