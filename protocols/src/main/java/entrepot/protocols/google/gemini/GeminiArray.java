package entrepot.protocols.google.gemini;

import static java.nio.charset.StandardCharsets.US_ASCII;

import entrepot.protocols.google.wire.SsePayloads;

import java.io.ByteArrayOutputStream;

/**
 * A stream as one JSON array, as Google sends it to callers who did not ask for events. One thread
 * at a time.
 */
public final class GeminiArray {

    private static final byte[] BETWEEN = ",\r\n".getBytes(US_ASCII);

    private final SsePayloads payloads = new SsePayloads();
    private boolean begun;

    /** The bytes of one more element. */
    public byte[] element(byte[] json) {
        var out = new ByteArrayOutputStream(json.length + 4);
        element(json, out);
        return out.toByteArray();
    }

    private void element(byte[] json, ByteArrayOutputStream out) {
        if (begun) {
            out.writeBytes(BETWEEN);
        } else {
            out.write('[');
        }
        begun = true;
        out.writeBytes(json);
    }

    /** Takes the next bytes of a stream of server-sent events; returns what they become. */
    public byte[] chunk(byte[] bytes) {
        var out = new ByteArrayOutputStream(bytes.length);
        payloads.push(bytes, payload -> element(payload, out));
        return out.toByteArray();
    }

    /** What is left, and the end of the array. */
    public byte[] end() {
        var out = new ByteArrayOutputStream();
        payloads.end(payload -> element(payload, out));
        out.writeBytes((begun ? "]" : "[]").getBytes(US_ASCII));
        return out.toByteArray();
    }
}
