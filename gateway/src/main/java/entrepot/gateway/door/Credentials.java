package entrepot.gateway.door;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.http.Headers;

import org.jspecify.annotations.Nullable;

/** Finds the key that a request presents. A key is never repeated in what is said about it. */
final class Credentials {

    private static final String HOW =
            "Send one as 'Authorization: Bearer KEY'; make one with: entrepot keys create.";

    private Credentials() {}

    /**
     * The presented key, from {@code Authorization: Bearer}, {@code api-key}, {@code x-api-key} or
     * {@code x-goog-api-key}.
     *
     * @param query in which it may stand as {@code key}; empty where it may not
     * @throws Failed when there is none, or more than one
     */
    static String presented(Headers headers, String query) {
        String presented = new Query(query).get("key");
        if (presented != null && presented.isBlank()) {
            presented = null;
        }
        for (Headers.Field field : headers.fields()) {
            String key = key(field);
            if (key == null) {
                continue;
            }
            if (presented != null && !presented.equals(key)) {
                throw refused("The request presents more than one API key; send one of them.");
            }
            presented = key;
        }
        if (presented == null) {
            throw refused("The request presents no API key. " + HOW);
        }
        return presented;
    }

    static Failed unknown() {
        return refused("The API key is unknown, expired or revoked. " + HOW);
    }

    private static @Nullable String key(Headers.Field field) {
        if (field.name().equalsIgnoreCase("authorization")) {
            String value = field.value();
            if (!value.regionMatches(true, 0, "Bearer ", 0, 7) || value.substring(7).isBlank()) {
                throw refused("The Authorization header is not 'Bearer KEY'. " + HOW);
            }
            return value.substring(7).strip();
        }
        if (field.name().equalsIgnoreCase("api-key")
                || field.name().equalsIgnoreCase("x-api-key")
                || field.name().equalsIgnoreCase("x-goog-api-key")) {
            return field.value().strip();
        }
        return null;
    }

    private static Failed refused(String message) {
        return new Failed(
                new Failure(
                        Failure.Cause.UNAUTHENTICATED,
                        message,
                        null,
                        "invalid_api_key",
                        null,
                        null,
                        null));
    }
}
