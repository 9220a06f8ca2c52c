package entrepot.runtime.webhooks;

import org.jspecify.annotations.Nullable;

/**
 * One event on its way to one endpoint.
 *
 * @param id of the event, the same at each endpoint and each try
 * @param lastStatus the HTTP status of the last try; null when there was no answer
 * @param lastError why the last try did not arrive; null when it did
 * @param dueMillis when it is tried next; null when it has ended
 */
public record Delivery(
        String id,
        String endpointId,
        EventType type,
        String sessionId,
        Status status,
        long attempts,
        @Nullable Integer lastStatus,
        @Nullable String lastError,
        @Nullable Long dueMillis,
        long createdMillis) {

    /** How far it has come. */
    public enum Status {
        PENDING,
        DELIVERED,
        /** Tried as often as it may be. */
        FAILED
    }
}
