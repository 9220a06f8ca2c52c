package entrepot.runtime.agents;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.store.Database;
import entrepot.store.Sql;

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
     * A request that may come twice.
     *
     * @param scope what the key counts for, such as {@code session.create}
     * @param body whose equality makes the request the same
     */
    public record Request(String tenant, String scope, String key, String body) {
        public Request {
            if (key.isEmpty() || key.length() > KEY_CHARS_MAX) {
                throw new Failed(
                        Failure.at(
                                Failure.Cause.INVALID_REQUEST,
                                "An idempotency key has 1 to " + KEY_CHARS_MAX + " characters.",
                                "Idempotency-Key"));
            }
        }
    }

    /**
     * Claims a key for a result.
     *
     * @return the first result when the request has been done before; empty when it is new
     * @throws Failed with CONFLICT when the key was used with another body
     */
    public Optional<String> claim(Sql sql, Request request, String result) throws SQLException {
        String hash = hash(request.body());
        int fresh =
                sql.update(
                        "insert into idempotency (tenant, scope, key, body_hash, result, at_ms)"
                                + " values (?, ?, ?, ?, ?, "
                                + now
                                + ") on conflict do nothing",
                        request.tenant(),
                        request.scope(),
                        request.key(),
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
                request.tenant(),
                request.scope(),
                request.key());
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
