package entrepot.gateway.responses;

import entrepot.conversation.Failure;
import entrepot.http.sse.SseWriter;
import entrepot.protocols.json.Json;
import entrepot.runtime.responses.StoredEvent;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Stored events as server-sent events: the name of each is its type. */
final class EventFrames {

    /** How our own writer begins an event. */
    private static final String BEGINNING = "{\"type\":\"";

    private EventFrames() {}

    static byte[] of(List<StoredEvent> events) {
        var frames = new ByteArrayOutputStream();
        for (StoredEvent event : events) {
            byte[] data = event.json().getBytes(StandardCharsets.UTF_8);
            frames.writeBytes(SseWriter.event(type(event.json()), "", data));
        }
        return frames.toByteArray();
    }

    static String type(String json) {
        if (json.startsWith(BEGINNING)) {
            int end = json.indexOf('"', BEGINNING.length());
            return json.substring(BEGINNING.length(), end);
        }
        return Json.read(json, Failure.Cause.INTERNAL).path("type").asString("");
    }
}
