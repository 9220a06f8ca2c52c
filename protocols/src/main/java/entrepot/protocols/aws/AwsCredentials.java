package entrepot.protocols.aws;

import org.jspecify.annotations.Nullable;

/**
 * What a request is signed with.
 *
 * @param sessionToken with temporary credentials only
 */
public record AwsCredentials(
        String accessKeyId, String secretAccessKey, @Nullable String sessionToken) {

    /** Without its secrets. */
    @Override
    public String toString() {
        return accessKeyId + (sessionToken == null ? "" : " with a session token");
    }
}
