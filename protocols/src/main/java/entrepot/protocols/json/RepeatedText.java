package entrepot.protocols.json;

import entrepot.conversation.Event;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Knows the payload of a delta again: most payloads of a stream are, byte for byte, the one before
 * but for one piece of text. A payload that is so means what the one before meant, with another
 * text, and need not be parsed. What holds an escape, or is not so, is left to the parser. One
 * thread at a time.
 */
public final class RepeatedText {

    /** After so many payloads that were like none before, it gives up. */
    private static final int MISSES_MAX = 32;

    private final byte[] textName;
    private final byte[] fillerName;
    private byte @Nullable [] before;
    private byte[] between = {};
    private byte @Nullable [] after;
    private int misses;
    private int said;
    private @Nullable Event only;

    /**
     * @param textName of the member that holds the text, as {@code content}
     * @param fillerName of a member behind it whose text means nothing, as {@code obfuscation}
     */
    public RepeatedText(String textName, String fillerName) {
        this.textName = opening(textName);
        this.fillerName = opening(fillerName);
    }

    private static byte[] opening(String name) {
        return ('"' + name + "\":\"").getBytes(StandardCharsets.US_ASCII);
    }

    /** The text of a payload that is otherwise like the one remembered, or null. */
    public @Nullable String text(byte[] payload) {
        byte[] head = before;
        if (head == null || !stands(head, payload, 0)) {
            return null;
        }
        int end = end(payload, head.length);
        if (end < 0 || !stands(between, payload, end)) {
            return null;
        }
        byte[] tail = after;
        int at = end + between.length;
        if (tail != null) {
            at = end(payload, at);
            if (at < 0 || !stands(tail, payload, at)) {
                return null;
            }
            at += tail.length;
        }
        if (at != payload.length) {
            return null;
        }
        misses = 0;
        return new String(payload, head.length, end - head.length, StandardCharsets.UTF_8);
    }

    /** A payload is about to be parsed. */
    public void parsing() {
        said = 0;
        only = null;
        before = null;
        after = null;
    }

    /** To be told of each event that the payload under way is found to say. */
    public void said(Event event) {
        only = said++ == 0 ? event : null;
    }

    /**
     * The payload has been parsed. It is remembered when it said a text and nothing else.
     *
     * @param inMember whether a text stands in the member of that name
     */
    public void parsed(byte[] payload, boolean inMember) {
        if (inMember && only instanceof Event.TextDelta delta) {
            remember(payload, delta.text());
        }
    }

    private void remember(byte[] payload, String piece) {
        if (++misses > MISSES_MAX) {
            return;
        }
        int name = find(textName, payload, 0);
        int text = name + textName.length;
        if (name < 0 || find(textName, payload, text) >= 0) {
            return;
        }
        int end = end(payload, text);
        byte[] letters = piece.getBytes(StandardCharsets.UTF_8);
        if (end < 0 || end - text != letters.length || !stands(letters, payload, text)) {
            return;
        }
        int filler = find(fillerName, payload, end);
        int fillerEnd = filler < 0 ? -1 : end(payload, filler + fillerName.length);
        if (fillerEnd < 0) {
            between = Arrays.copyOfRange(payload, end, payload.length);
        } else {
            between = Arrays.copyOfRange(payload, end, filler + fillerName.length);
            after = Arrays.copyOfRange(payload, fillerEnd, payload.length);
        }
        before = Arrays.copyOf(payload, text);
    }

    /** Where a text without escapes ends; -1 when it holds one, or does not end. */
    private static int end(byte[] payload, int from) {
        for (int i = from; i < payload.length; i++) {
            byte letter = payload[i];
            if (letter == '"') {
                return i;
            }
            if (letter == '\\' || (letter >= 0 && letter < ' ')) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean stands(byte[] part, byte[] payload, int at) {
        return at + part.length <= payload.length
                && Arrays.equals(part, 0, part.length, payload, at, at + part.length);
    }

    private static int find(byte[] part, byte[] payload, int from) {
        for (int i = from; i + part.length <= payload.length; i++) {
            if (payload[i] == part[0] && stands(part, payload, i)) {
                return i;
            }
        }
        return -1;
    }
}
