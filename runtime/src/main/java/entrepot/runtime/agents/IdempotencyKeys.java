package entrepot.runtime.agents;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.store.Database;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Remembers what a request with an idempotency key did, in the transaction that does it. The same
 * key and body give the first result again; the same key with another body is a conflict.
 */
public final class IdempotencyKeys {

    /** Longer than any client retries; the documented window is a day. */
    private static final long KEPT_MILLIS = 7L * 24 * 3600 * 1000;

    private static final int KEY_CHARS_MAX = 256;

    private final Database database;
    private final String now;

    public IdempotencyKeys(Database database) {
        this.database = database;
        this.now = database.engine().nowMillis();
    }

    /**
     * Claims a key for a result.
     *
     * @param scope what the key counts for, such as {@code session.create}
     * @param key that the caller gave; null when it gave none, and nothing is claimed
     * @param body whose equality makes the request the same
     * @return the first result when the request has been done before; empty when it is new
     * @throws Failed with CONFLICT when the key was used with another body
     */
    public Optional<String> claim(
            Sql sql, String tenant, String scope, @Nullable String key, String body, String result)
            throws SQLException {
        if (key == null) {
            return Optional.empty();
        }
        requireLength(key);
        String hash = hash(body);
        int fresh =
                sql.update(
                        "insert into idempotency (tenant, scope, key, body_hash, result, at_ms)"
                                + " values (?, ?, ?, ?, ?, "
                                + now
                                + ") on conflict do nothing",
                        tenant,
                        scope,
                        key,
                        hash,
                        result);
        if (fresh == 1) {
            return Optional.empty();
        }
        return sql.one(
                "select body_hash, result from idempotency"
                        + " where tenant = ? and scope = ? and key = ?",
                row -> {
                    if (!row.text("body_hash").equals(hash)) {
                        throw new Failed(
                                Failure.at(
                                        Failure.Cause.CONFLICT,
                                        "This idempotency key was used with another request: use a"
                                                + " new key for a new request.",
                                        "Idempotency-Key"));
                    }
                    return row.text("result");
                },
                tenant,
                scope,
                key);
    }

    private static void requireLength(String key) {
        if (key.isEmpty() || key.length() > KEY_CHARS_MAX) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.INVALID_REQUEST,
                            "An idempotency key has 1 to " + KEY_CHARS_MAX + " characters.",
                            "Idempotency-Key"));
        }
    }

    /** Forgets keys that nobody will send again. Returns how many. */
    public int sweep() {
        return database.once(sql ->
                sql.update("delete from idempotency where at_ms < " + now + " - ?", KEPT_MILLIS));
    }

    private static String hash(String body) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(body.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256.", e);
        }
    }
}
