package entrepot.market.idempotency;

import java.util.Objects;

/**
 * A call with a key of its caller's choice.
 *
 * @param keyId of the credential it came with: two credentials may use one key for two things
 * @param operation what is asked for, such as {@code POST /v1/chat/completions}
 * @param key as sent, 1 to {@value #KEY_CHARS_MAX} characters
 * @param fingerprint of all that makes it the same call again
 */
public record KeyedCall(
        String tenant, String keyId, String operation, String key, String fingerprint) {

    public static final int KEY_CHARS_MAX = 255;

    public KeyedCall {
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(keyId, "keyId");
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(fingerprint, "fingerprint");
        if (key.isEmpty() || key.length() > KEY_CHARS_MAX) {
            throw new IllegalArgumentException("not a key: " + key.length() + " characters");
        }
    }

    /** What the key names, whatever was sent under it. */
    public Name name() {
        return new Name(tenant, keyId, operation, key);
    }

    /** A key where it counts. */
    public record Name(String tenant, String keyId, String operation, String key) {}
}
