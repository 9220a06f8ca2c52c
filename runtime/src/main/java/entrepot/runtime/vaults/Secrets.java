package entrepot.runtime.vaults;

import org.jspecify.annotations.Nullable;

/**
 * What of a credential nobody may read; null for what it has not.
 *
 * @param token the access token, the bearer token or the variable's value
 */
public record Secrets(
        @Nullable String token, @Nullable String refreshToken, @Nullable String clientSecret) {

    /** These, and of what is null here the other's. */
    public Secrets over(Secrets other) {
        return new Secrets(
                token == null ? other.token : token,
                refreshToken == null ? other.refreshToken : refreshToken,
                clientSecret == null ? other.clientSecret : clientSecret);
    }

    @Override
    public String toString() {
        return "Secrets[***]";
    }
}
