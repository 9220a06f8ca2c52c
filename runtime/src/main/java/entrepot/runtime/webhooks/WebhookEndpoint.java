package entrepot.runtime.webhooks;

import org.jspecify.annotations.Nullable;

import java.util.Set;
import java.util.TreeSet;

/**
 * Where word is sent.
 *
 * @param team whose sessions it is told of; null for the tenant's
 * @param hint the end of the secret
 */
public record WebhookEndpoint(
        String id,
        @Nullable String team,
        String name,
        String url,
        Set<EventType> eventTypes,
        String hint,
        long createdMillis,
        long updatedMillis) {

    public WebhookEndpoint {
        eventTypes = Set.copyOf(new TreeSet<>(eventTypes));
    }
}
