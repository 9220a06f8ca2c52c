package entrepot.runtime.responses;

import entrepot.runtime.responses.StoredResponse.Status;

import java.util.List;

/**
 * How a response ended.
 *
 * @param events those that were not stored yet, the last of them included
 */
public record Ending(
        Status status, String body, List<StoredItem> output, List<StoredEvent> events) {

    public Ending {
        output = List.copyOf(output);
        events = List.copyOf(events);
        if (!status.ended()) {
            throw new IllegalArgumentException("a response does not end " + status);
        }
    }
}
