package entrepot.protocols.openai.chat;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * A look at a chunk's bytes without parsing them: which of a few names stand in it, and with what
 * kind of value.
 *
 * <p>A quotation mark within a JSON text is escaped, so that a quoted name followed by a colon can
 * only be a name. How deep it stands is not known; whoever must know parses.
 */
final class ChatGlance {

    private static final byte[] USAGE = "usage\"".getBytes(US_ASCII);
    private static final byte[] ERROR = "error\"".getBytes(US_ASCII);
    private static final byte[] FINISH = "finish_reason\"".getBytes(US_ASCII);
    private static final byte[] CONTENT = "content\"".getBytes(US_ASCII);
    private static final byte[] CALLS = "tool_calls\"".getBytes(US_ASCII);
    private static final byte[] CALL = "function_call\"".getBytes(US_ASCII);
    private static final byte[] REFUSAL = "refusal\"".getBytes(US_ASCII);
    private static final byte[] REASONING = "reasoning\"".getBytes(US_ASCII);
    private static final byte[] REASONING_CONTENT = "reasoning_content\"".getBytes(US_ASCII);
    private static final byte[] AUDIO = "audio\"".getBytes(US_ASCII);

    private static final byte[] NONE = {};

    private byte[] bytes = NONE;
    private int end;
    private boolean worthParsing;
    private boolean finished;
    private boolean content;

    boolean worthParsing() {
        return worthParsing;
    }

    boolean finished() {
        return finished;
    }

    boolean content() {
        return content;
    }

    void at(byte[] payload, int start, int payloadEnd) {
        bytes = payload;
        end = payloadEnd;
        worthParsing = false;
        finished = false;
        content = false;
        for (int i = start; i < payloadEnd; i++) {
            if (payload[i] == '"' && i + 1 < payloadEnd) {
                name(i + 1);
            }
        }
        bytes = NONE;
    }

    private void name(int at) {
        switch (bytes[at]) {
            case 'u' -> worthParsing |= object(value(at, USAGE));
            case 'e' -> {
                int value = value(at, ERROR);
                worthParsing |= object(value) || says(value);
            }
            case 'f' -> {
                finished |= says(value(at, FINISH));
                content |= object(value(at, CALL));
            }
            case 'c' -> content |= says(value(at, CONTENT));
            case 't' -> content |= says(value(at, CALLS));
            case 'a' -> content |= object(value(at, AUDIO));
            case 'r' ->
                    content |=
                            says(value(at, REFUSAL))
                                    || says(value(at, REASONING_CONTENT))
                                    || says(value(at, REASONING));
            default -> {}
        }
    }

    /** Where the value of this name begins; the end when another name, or no name, stands here. */
    private int value(int at, byte[] name) {
        int after = at + name.length;
        if (after >= end) {
            return end;
        }
        for (int i = 1; i < name.length; i++) {
            if (bytes[at + i] != name[i]) {
                return end;
            }
        }
        int colon = blank(after);
        return colon < end && bytes[colon] == ':' ? blank(colon + 1) : end;
    }

    private int blank(int from) {
        int i = from;
        while (i < end && (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\n')) {
            i++;
        }
        return i;
    }

    private boolean object(int value) {
        return value < end && bytes[value] == '{';
    }

    /** Whether the value is a text or a list that is not empty. */
    private boolean says(int value) {
        if (value + 1 >= end) {
            return false;
        }
        return switch (bytes[value]) {
            case '"' -> bytes[value + 1] != '"';
            case '[' -> {
                int first = blank(value + 1);
                yield first < end && bytes[first] != ']';
            }
            default -> false;
        };
    }
}
