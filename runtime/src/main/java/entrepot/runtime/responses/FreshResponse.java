package entrepot.runtime.responses;

import entrepot.runtime.responses.StoredResponse.Origin;
import entrepot.runtime.responses.StoredResponse.Status;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A response to be kept from now on; its maker works on it.
 *
 * @param previous an earlier response; not together with a conversation
 * @param input the new items only
 * @param events that are told with its making; numbered from 0
 */
public record FreshResponse(
        ResponseKey key,
        Status status,
        boolean background,
        @Nullable String previous,
        @Nullable String conversation,
        Origin origin,
        String request,
        String body,
        List<StoredItem> input,
        List<StoredEvent> events) {

    public FreshResponse {
        input = List.copyOf(input);
        events = List.copyOf(events);
        if (previous != null && conversation != null) {
            throw new IllegalArgumentException("it continues a response or a conversation");
        }
    }
}
