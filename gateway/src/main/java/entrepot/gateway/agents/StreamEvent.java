package entrepot.gateway.agents;

import entrepot.protocols.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;

/**
 * One event of a session's stream.
 *
 * @param position where a reader that has seen it goes on from
 * @param payload with {@code type} and {@code event_id}
 */
record StreamEvent(Position position, ObjectNode payload) {

    String type() {
        return payload.get("type").stringValue();
    }

    String eventId() {
        return payload.get("event_id").stringValue();
    }

    /** One frame: some clients ignore frames without a name, others ignore the name. */
    byte[] frame() {
        String head = "event: " + type() + "\nid: " + position + "\ndata: ";
        byte[] start = head.getBytes(StandardCharsets.UTF_8);
        byte[] data = Json.write(payload);
        byte[] frame = new byte[start.length + data.length + 2];
        System.arraycopy(start, 0, frame, 0, start.length);
        System.arraycopy(data, 0, frame, start.length, data.length);
        frame[frame.length - 2] = '\n';
        frame[frame.length - 1] = '\n';
        return frame;
    }
}
