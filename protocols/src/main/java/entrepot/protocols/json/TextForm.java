package entrepot.protocols.json;

import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A JSON object that is written many times, each time with another text in one place. */
public final class TextForm {

    /** Stands where the text comes; nothing else that we write holds it. */
    public static final String TEXT = "\u0001the text\u0001";

    private static final byte[] WRITTEN =
            "\\u0001the text\\u0001".getBytes(StandardCharsets.US_ASCII);

    private final byte[] before;
    private final byte[] after;

    private TextForm(byte[] before, byte[] after) {
        this.before = before;
        this.after = after;
    }

    /** The form of an object that holds {@link #TEXT} as the value of one member. */
    public static TextForm of(ObjectNode object) {
        byte[] json = Json.write(object);
        int last = json.length - WRITTEN.length;
        for (int at = last; at >= 0; at--) {
            if (Arrays.equals(json, at, at + WRITTEN.length, WRITTEN, 0, WRITTEN.length)) {
                return new TextForm(
                        Arrays.copyOf(json, at),
                        Arrays.copyOfRange(json, at + WRITTEN.length, json.length));
            }
        }
        throw new IllegalArgumentException("the object has no place for the text");
    }

    /** Whether {@link #with} can write it: half a surrogate pair has no bytes. */
    public static boolean canHold(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** The object with a text, as bytes. */
    public byte[] with(String text) {
        byte[] letters = JsonStringEncoder.getInstance().quoteAsUTF8(text);
        byte[] json = new byte[before.length + letters.length + after.length];
        System.arraycopy(before, 0, json, 0, before.length);
        System.arraycopy(letters, 0, json, before.length, letters.length);
        System.arraycopy(after, 0, json, before.length + letters.length, after.length);
        return json;
    }
}
