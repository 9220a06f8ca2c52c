package entrepot.bench;

import entrepot.http.eventstream.EventStreamMessage;
import entrepot.http.eventstream.EventStreamWriter;

import io.vertx.core.buffer.Buffer;

import java.nio.charset.StandardCharsets;

/** Messages of an AWS event stream. */
final class Frames {

    private Frames() {}

    static Buffer event(String type, String json) {
        return Buffer.buffer(
                EventStreamWriter.write(
                        EventStreamMessage.of(
                                json.getBytes(StandardCharsets.UTF_8),
                                ":event-type",
                                type,
                                ":content-type",
                                "application/json",
                                ":message-type",
                                "event")));
    }
}
