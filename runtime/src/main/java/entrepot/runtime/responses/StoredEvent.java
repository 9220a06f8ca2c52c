package entrepot.runtime.responses;

/**
 * One event of a response's stream.
 *
 * @param number its place in the stream, from 0 without a gap
 * @param json on one line
 */
public record StoredEvent(long number, String json) {
    public StoredEvent {
        if (json.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("an event is one line of JSON");
        }
    }
}
