package entrepot.http.sse;

import java.nio.charset.StandardCharsets;

/**
 * One event.
 *
 * @param type {@code message} unless the stream named another
 * @param data UTF-8 as received, its lines joined by LF; not to be changed
 * @param id the last id the stream gave, with this event or before it; empty when none
 */
public record SseEvent(String type, byte[] data, String id) {

    /** The type of an event without one. */
    public static final String MESSAGE = "message";

    /** The data decoded; bytes that are not UTF-8 become U+FFFD. */
    public String text() {
        return new String(data, StandardCharsets.UTF_8);
    }
}
