package entrepot.gateway.door;

import entrepot.conversation.Failure.Cause;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The one member that callers may add to a body of any dialect, {@code entrepot}: what they say to
 * this gateway and not to the supplier. It is taken out; every other byte stays as it came.
 *
 * @param rest the body without the member
 * @param said the member's value; null when there was none
 */
record Extension(byte[] rest, @Nullable JsonNode said) {

    static final String NAME = "entrepot";
    private static final byte[] QUOTED = ('"' + NAME + '"').getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AHEAD = ahead();

    /**
     * Takes the member out. A body that is not JSON is left to whoever reads it next.
     *
     * @throws entrepot.conversation.Failed when the member stands twice
     */
    static Extension of(byte[] body) {
        if (!mentioned(body)) {
            return new Extension(body, null);
        }
        try (JsonParser parser = Json.parser(body)) {
            return parser.nextToken() == JsonToken.START_OBJECT
                    ? cut(body, parser)
                    : new Extension(body, null);
        } catch (JacksonException malformed) {
            return new Extension(body, null);
        }
    }

    private static Extension cut(byte[] body, JsonParser parser) {
        int start = -1;
        int end = -1;
        int valueStart = -1;
        int before = at(parser.currentLocation().getByteOffset());
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            boolean ours = name.equals(NAME);
            if (ours && start >= 0) {
                throw Refusals.value(NAME, "it stands twice.");
            }
            int from = before;
            parser.nextToken();
            int value = at(parser.currentTokenLocation().getByteOffset());
            parser.skipChildren();
            if (parser.currentToken().isScalarValue()) {
                parser.finishToken();
            }
            before = at(parser.currentLocation().getByteOffset());
            if (ours) {
                start = from;
                valueStart = value;
                end = before;
            }
        }
        if (start < 0) {
            return new Extension(body, null);
        }
        byte[] value = Arrays.copyOfRange(body, valueStart, end);
        return new Extension(without(body, start, end), Json.read(value, Cause.INVALID_REQUEST));
    }

    /** Cuts the member with the comma before it; the first member with the one behind it. */
    private static byte[] without(byte[] body, int start, int end) {
        int from = start;
        int to = end;
        int next = afterBlanks(body, start);
        if (body[next] != ',') {
            int behind = afterBlanks(body, end);
            to = body[behind] == ',' ? behind + 1 : end;
        }
        byte[] rest = new byte[body.length - (to - from)];
        System.arraycopy(body, 0, rest, 0, from);
        System.arraycopy(body, to, rest, from, body.length - to);
        return rest;
    }

    private static int afterBlanks(byte[] body, int from) {
        int at = from;
        while (at < body.length && body[at] <= ' ' && body[at] >= 0) {
            at++;
        }
        return at;
    }

    private static int at(long offset) {
        return Math.toIntExact(offset);
    }

    /** Looks at each tenth byte or so: where the name's end would stand, by what stands there. */
    private static boolean mentioned(byte[] body) {
        int last = QUOTED.length - 1;
        int at = last;
        while (at < body.length) {
            if (body[at] == QUOTED[last]
                    && Arrays.equals(body, at - last, at + 1, QUOTED, 0, QUOTED.length)) {
                return true;
            }
            at += AHEAD[body[at] & 0xff];
        }
        return false;
    }

    /** How far on the name could end at the earliest, by the byte that stands here. */
    private static byte[] ahead() {
        byte[] ahead = new byte[256];
        Arrays.fill(ahead, (byte) QUOTED.length);
        for (int i = 0; i < QUOTED.length - 1; i++) {
            ahead[QUOTED[i]] = (byte) (QUOTED.length - 1 - i);
        }
        return ahead;
    }
}
