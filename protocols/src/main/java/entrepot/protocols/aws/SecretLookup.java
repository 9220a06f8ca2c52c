package entrepot.protocols.aws;

import org.jspecify.annotations.Nullable;

/** Who may sign. */
@FunctionalInterface
public interface SecretLookup {

    /** The secret that belongs to an access key id; null when there is no such key. */
    @Nullable String secretOf(String accessKeyId);
}
