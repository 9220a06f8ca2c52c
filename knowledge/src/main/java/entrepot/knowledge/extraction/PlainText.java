package entrepot.knowledge.extraction;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Text that needs no parser, only its encoding found. */
final class PlainText {

    private static final Charset WINDOWS = Charset.forName("windows-1252");

    private PlainText() {}

    static Extracted read(byte[] bytes, int charsMax) throws ExtractionFailed {
        String text = clean(decoded(bytes));
        boolean cut = text.length() > charsMax;
        return new Extracted("", cut ? cut(text, charsMax) : text, List.of(), cut);
    }

    private static String decoded(byte[] bytes) throws ExtractionFailed {
        if (starts(bytes, 0xEF, 0xBB, 0xBF)) {
            return new String(bytes, 3, bytes.length - 3, StandardCharsets.UTF_8);
        }
        if (starts(bytes, 0xFE, 0xFF) || starts(bytes, 0xFF, 0xFE)) {
            return new String(bytes, StandardCharsets.UTF_16);
        }
        for (byte each : bytes) {
            if (each == 0) {
                throw ExtractionFailed.lasting("It is not text: it holds bytes of zero.");
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, WINDOWS);
        }
    }

    private static boolean starts(byte[] bytes, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Without what databases refuse and nobody reads: zeros and halves of characters become
     * replacement characters, so that no offset moves.
     */
    static String clean(String text) {
        var clean = new StringBuilder(text);
        for (int i = 0; i < clean.length(); i++) {
            char c = clean.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < clean.length()
                    && Character.isLowSurrogate(clean.charAt(i + 1))) {
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                clean.setCharAt(i, '\uFFFD');
            }
        }
        return clean.toString();
    }

    static String cut(String text, int charsMax) {
        boolean half = Character.isHighSurrogate(text.charAt(charsMax - 1));
        return text.substring(0, half ? charsMax - 1 : charsMax);
    }
}
